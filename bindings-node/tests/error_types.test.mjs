// The declared types of refusals are those that core knows.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

test('the types name the gates and the codes of core, and no others', () => {
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve('sandgate/package.json'))
  const rows = require(join(folder, 'dist/native.js')).native.refusals.slice(1)
  const declared = readFileSync(join(folder, 'types/errors.d.ts'), 'utf8')
  const union = (name) => declared.match(new RegExp(`type ${name} = (.*);`))[1].split(' | ').sort()
  const said = (names) => [...new Set(names)].map((name) => `'${name}'`).sort()
  assert.deepEqual(union('Gate'), said([...rows.map(([gate]) => gate), 'creation']))
  assert.deepEqual(union('DeniedCode'), said(rows.map(([, code]) => `ERR_SANDGATE_${code.toUpperCase()}`)))
})
