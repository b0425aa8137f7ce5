// The types of the guards, together with those of the frameworks.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

test('the types of the guards compile', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sandgate-guards-'))
  t.after(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/sandgate'))
  for (const name of ['@types', 'undici-types', 'fastify', 'hono']) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  copyFileSync(join(root, 'tests/typed/guards.ts'), join(folder, 'guards.mts'))
  const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck']
  const flags = ['--pretty', 'false', '--target', 'es2022', '--module', 'nodenext', '--esModuleInterop', '--types', 'node', 'guards.mts']
  let said = ''
  try {
    execFileSync(process.execPath, [...tsc, ...flags], { cwd: folder, encoding: 'utf8' })
  } catch (error) {
    said = error.stdout
  }
  assert.equal(said, '')
})
