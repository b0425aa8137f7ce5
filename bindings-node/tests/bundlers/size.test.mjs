// What the package brings into a page, bundled by esbuild and compressed by gzip.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { install, run, TOOLS, tree } from './tree.mjs'

const KIB = 1024

function bundled(entry) {
  const root = install(tree({ 'package.json': {}, 'entry.mjs': entry }), 'sandgate')
  const { status, said } = run(root, join(TOOLS, '.bin/esbuild'), 'entry.mjs', '--bundle', '--minify', '--format=esm', '--outfile=out.js')
  assert.equal(status, 0, said)
  return readFileSync(join(root, 'out.js'), 'utf8')
}

const README = readFileSync(join(process.env.SANDGATE_SOURCES, 'README.md'), 'utf8')

/** What is imported, from where, and the most KiB that it may cost. */
const IMPORTS = [
  ['{ getSignature }', 'sandgate/e2b', 20],
  ['{ v1 }', 'sandgate', 70],
  ['* as sandgate', 'sandgate', 130],
]
for (const [names, from, most] of IMPORTS) {
  const code = `import ${names} from '${from}'`
  test(`${code} costs a page what the README says`, (t) => {
    const { length } = gzipSync(bundled(code.replace('import', 'export')), { level: 9 })
    t.diagnostic(`${length} bytes of ${code}, at most ${most * KIB}`)
    assert(length <= most * KIB)
    const row = README.split('\n').find((line) => line.startsWith(`| \`${code}\` | `))
    const stated = Number(/ (\d+) KiB \|$/.exec(row)[1])
    assert(Math.abs(length / KIB - stated) < 1, `${length} bytes, not ${stated} KiB`)
  })
}

test('import and require of the package bring it once', () => {
  const bundle = bundled("import * as one from 'sandgate'\nglobalThis.told = require('sandgate').v1 === one.v1")
  // How the base64 of each WebAssembly module begins. There are three: for each request, to initialise, to describe.
  assert.equal(bundle.split('AGFzbQEAAAA').length - 1, 3)
})
