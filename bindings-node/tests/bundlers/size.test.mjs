// What an import of only `sandgate/e2b` adds to a bundle for browsers.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { install, run, TOOLS, tree } from './tree.mjs'

const MOST = 20 * 1024

test('sandgate/e2b in a browser bundle, compressed', (t) => {
  const entry = "export { getSignature } from 'sandgate/e2b'"
  const root = install(tree({ 'package.json': {}, 'entry.mjs': entry }), 'sandgate')
  const { status, said } = run(root, join(TOOLS, '.bin/esbuild'), 'entry.mjs', '--bundle', '--minify', '--format=esm', '--outfile=out.js')
  assert.equal(status, 0, said)
  const { length } = gzipSync(readFileSync(join(root, 'out.js')), { level: 9 })
  t.diagnostic(`${length} bytes of sandgate/e2b, at most ${MOST}`)
  assert(length <= MOST)
})
