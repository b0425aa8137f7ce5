// Which backend runs: the one that SANDGATE_BACKEND names, or else the addon, or else WebAssembly, of which nothing is said.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'sandgate-backend-'))
after(() => rmSync(scratch, { recursive: true }))
const PRINT = "try { console.log(require('sandgate').backend) } catch ({ code, name }) { console.log(name, code) }"

/** An application with a copy of this package, which has no addon beside it unless `addon` says what its package holds. */
function application(name, addon) {
  const folder = join(scratch, name)
  const copy = join(folder, 'node_modules/sandgate')
  mkdirSync(copy, { recursive: true })
  for (const part of ['dist', 'package.json']) cpSync(join(root, part), join(copy, part), { recursive: true })
  if (addon !== undefined) {
    const file = join(folder, 'node_modules/sandgate-linux-x64-gnu/index.js')
    mkdirSync(dirname(file))
    writeFileSync(file, addon)
  }
  return folder
}

function told(cwd, SANDGATE_BACKEND) {
  const env = { ...process.env, SANDGATE_BACKEND }
  if (SANDGATE_BACKEND === undefined) delete env.SANDGATE_BACKEND
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--eval', PRINT], { cwd, env, encoding: 'utf8' })
  return [stdout.trim(), stderr, status]
}

const MISSING = application('missing')
const BROKEN = application('broken', 'throw new Error("invalid ELF header")')

test('the addon is tried first', () => {
  for (const asked of [undefined, '', 'native']) assert.deepEqual(told(root, asked), ['native', '', 0])
  assert.deepEqual(told(root, 'wasm'), ['wasm', '', 0])
})

test('WebAssembly takes over silently where the addon is missing or broken', () => {
  for (const folder of [MISSING, BROKEN]) {
    for (const asked of [undefined, '', 'wasm']) assert.deepEqual(told(folder, asked), ['wasm', '', 0])
    assert.deepEqual(told(folder, 'native'), ['Error ERR_SANDGATE_NO_ADDON', '', 0])
  }
})

test('an unknown name is wrong use, with an addon and without one', () => {
  for (const folder of [root, MISSING]) {
    for (const asked of ['Wasm', 'node', ' native']) assert.deepEqual(told(folder, asked), ['RangeError ERR_SANDGATE_BACKEND', '', 0])
  }
})
