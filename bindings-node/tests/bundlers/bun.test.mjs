// `bun build` puts the addon into the bundle or the executable itself.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { deployed, ENTRY, install, PLATFORM, PRINTED, run, RUNTIMES, tree } from './tree.mjs'

const bun = join(RUNTIMES, '@oven/bun-linux-x64/bin/bun')
const application = (...packages) => install(tree({ 'package.json': { type: 'module' }, 'entry.mjs': ENTRY }), ...packages)

function built(root, ...options) {
  const { status, said } = run(root, bun, 'build', 'entry.mjs', ...options)
  assert.equal(status, 0, said)
  return root
}

test('an executable contains the addon and needs no other file', () => {
  const root = built(application('sandgate', PLATFORM), '--compile', '--outfile=dist/app')
  const { stdout, said } = run(deployed(join(root, 'dist')), 'dist/app')
  assert.equal(stdout, PRINTED, said)
})

test('an executable from a machine without the addon runs WebAssembly', () => {
  const root = built(application('sandgate'), '--compile', '--outfile=dist/app')
  const { stdout, said } = run(deployed(join(root, 'dist')), 'dist/app')
  assert.equal(stdout, PRINTED, said)
})

test('a bundle for Bun has the addon beside it', () => {
  const root = built(application('sandgate', PLATFORM), '--target=bun', '--outdir=dist')
  const { stdout, said } = run(deployed(join(root, 'dist')), bun, 'dist/entry.js')
  assert.equal(stdout, PRINTED, said)
})

test('a bundle of Bun for Node finds the addon in node_modules', () => {
  for (const packages of [['sandgate'], ['sandgate', PLATFORM]]) {
    const root = built(application(...packages), '--target=node', '--outfile=dist/main.mjs')
    const { stdout, said } = run(deployed(join(root, 'dist'), (root) => install(root, PLATFORM)), process.execPath, 'dist/main.mjs')
    assert.equal(stdout, PRINTED, said)
  }
})
