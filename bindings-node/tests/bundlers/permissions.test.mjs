// The flags of the README: with them, runtimes with permissions load the addon; without them, the message says so.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { ENTRY, install, PLATFORM, PRINTED, run, RUNTIMES, tree } from './tree.mjs'

const application = () => install(tree({ 'package.json': { type: 'module' }, 'entry.mjs': ENTRY }), 'sandgate', PLATFORM)

/** Only with the addon. */
function native(start) {
  process.env.SANDGATE_BACKEND = 'native'
  try {
    return start()
  } finally {
    delete process.env.SANDGATE_BACKEND
  }
}

for (const name of ['node22', 'node24', 'node26']) {
  const node = join(RUNTIMES, name, 'bin/node')
  const start = (...flags) => run(application(), node, ...flags, 'entry.mjs')
  test(`${name} loads the addon with two permissions`, () => {
    const { stdout, said } = start('--permission', '--allow-addons', '--allow-fs-read=*')
    assert.equal(stdout, PRINTED, said)
  })

  test(`${name} runs WebAssembly where addons are not allowed, and says why on demand`, () => {
    const silent = start('--permission', '--allow-fs-read=*')
    assert.equal(silent.stdout, PRINTED, silent.said)
    const { status, said } = native(() => start('--permission', '--allow-fs-read=*'))
    assert.notEqual(status, 0)
    assert.match(said, /is there and cannot be loaded: start Node with --allow-addons/)
  })
}

const deno = (...flags) => run(application(), join(RUNTIMES, '@deno/linux-x64-glibc/deno'), 'run', '--no-prompt', ...flags, 'entry.mjs')

test('Deno loads the addon with one permission', () => {
  const { stdout, said } = deno('--allow-ffi')
  assert.equal(stdout, PRINTED, said)
})

test('Deno runs WebAssembly without a permission, and says why on demand', () => {
  const silent = deno()
  assert.equal(silent.stdout, PRINTED, silent.said)
  const { status, said } = native(() => deno('--allow-env=SANDGATE_BACKEND'))
  assert.notEqual(status, 0)
  assert.match(said, /is there and cannot be loaded: start Deno with --allow-ffi/)
})
