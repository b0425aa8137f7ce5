// The addon, WebAssembly, and what else hashes, interleaved in one process of Node; then the last three in Chromium. Prints JSON.
//
//     cargo xtask bench; or, with this tree's package in node_modules: node backends.mjs [--once]

import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { rowsOf } from './backend_rows.mjs'
import { END, PATHS, TOKEN } from './inputs.mjs'
import { measure, report } from './measure.mjs'

const once = process.argv[2] === '--once'
const require = createRequire(import.meta.url)

/** The package once more, on this backend. */
function on(backend) {
  process.env.SANDGATE_BACKEND = backend
  for (const file of Object.keys(require.cache)) if (file.includes('/sandgate/')) delete require.cache[file]
  const found = require('sandgate')
  if (found.backend !== backend) throw new Error(`not on ${backend} but on ${found.backend}`)
  return found
}

const message = (at) => `${PATHS[at]}:read:user:${TOKEN}:${END}`
const rows = rowsOf({ 'sandgate, addon': on('native'), 'sandgate, WebAssembly': on('wasm') })
rows.sign['node:crypto'] = (at) => `v1_${createHash('sha256').update(message(at & 3)).digest('base64').slice(0, 43)}`
const rounds = once ? 1 : 300
const measured = await measure(rows, rounds, once ? 1 : 1_000_000, (text) => console.error(`backends: ${text}`))
console.log(report('npm backends, Node', { Node: process.versions.node }, rounds, measured))

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('backends_page.mjs', import.meta.url))],
  bundle: true,
  format: 'esm',
  target: 'chrome114',
  write: false,
})
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [...flags, '--disable-component-update', '--disable-sync'] })
try {
  const page = await browser.newPage()
  await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }))
  // A secure context, where WebCrypto is.
  await page.goto('https://localhost/')
  await page.addScriptTag({ type: 'module', content: outputFiles[0].text })
  await page.waitForFunction(() => typeof globalThis.measured === 'function')
  console.error('backends: Chromium')
  const { rounds, measured } = await page.evaluate((once) => globalThis.measured(once), once)
  console.log(report('npm backends, Chromium', { Chromium: browser.version() }, rounds, measured))
} finally {
  await browser.close()
}
