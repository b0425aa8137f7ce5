// An application for browsers, bundled with the settings that bundlers have by default.
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { install, run, TOOLS, tree } from './tree.mjs'

const TOKEN = createHmac('sha256', 'a secret of at least 16 bytes').update('i94gcaqbpvohfr764s5l').digest('hex')
const SIGNATURE = createHash('sha256').update(`/a b:read:u:${TOKEN}`).digest('base64').replace('=', '')
/** What the application reports: a signature, and the answers of the other entries. */
export const DOORS = { backend: 'wasm', signature: `v1_${SIGNATURE}`, verified: true, basis: 'token' }
const ENTRY = `
import { backend, Controller, v1 } from 'sandgate'
import { getSignatureSync } from 'sandgate/e2b'
const token = new v1.Keyring('a secret of at least 16 bytes').accessToken('i94gcaqbpvohfr764s5l')
const { signature } = getSignatureSync({ path: '/a b', operation: 'read', user: 'u', envdAccessToken: token })
const verified = new v1.FileUrlKey(token).isValid(signature, { path: '/a b', user: 'u' })
const { basis } = new Controller(token).check({ method: 'GET', target: '/', accessToken: token })
globalThis.told = { backend, signature, verified, basis }
`
const WEBPACK = `
const webpack = require(${JSON.stringify(join(TOOLS, 'webpack'))})
const output = { module: true, library: { type: 'module' } }
webpack({ mode: 'production', context: __dirname, entry: './entry.mjs', experiments: { outputModule: true }, output }, (error, stats) => {
  if (error) throw error
  console.log(stats.toString())
  process.exit(stats.hasErrors() ? 1 : 0)
})`
/** A page, which is what Vite builds by default. */
const PAGE = '<!doctype html><script type="module" src="/entry.mjs"></script>'
const tool = (name) => join(TOOLS, '.bin', name)

const bundlers = {
  esbuild: (root) => run(root, tool('esbuild'), 'entry.mjs', '--bundle', '--format=esm', '--outdir=dist'),
  webpack: (root) => run(root, process.execPath, 'webpack.cjs'),
  vite: (root) => run(root, tool('vite'), 'build'),
}

/** By bundler: puts its bundle into a folder, and returns the file to import. */
export const BROWSER = Object.fromEntries(
  Object.entries(bundlers).map(([name, bundle]) => [
    name,
    (out) => {
      const root = install(tree({ 'package.json': {}, 'entry.mjs': ENTRY, 'webpack.cjs': WEBPACK, 'index.html': PAGE }), 'sandgate')
      const { status, said } = bundle(root)
      assert.equal(status, 0, said)
      assert.doesNotMatch(said, /\b(warning|error)s?\b/i)
      cpSync(join(root, 'dist'), join(out, name), { recursive: true })
      const folder = name === 'vite' ? `${name}/assets` : name
      const [file] = readdirSync(join(out, folder)).filter((found) => /\.m?js$/.test(found))
      return `${folder}/${file}`
    },
  ]),
)
