// The types, as TypeScript finds them with every module resolution that supports `exports`.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sandgate-typed-'))
after(() => rmSync(folder, { recursive: true }))

mkdirSync(join(folder, 'node_modules/@types'), { recursive: true })
symlinkSync(root, join(folder, 'node_modules/sandgate'))
for (const name of ['@types/node', 'undici-types', 'e2b']) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))

/** Returns the output of tsc for a program, empty if it is right. */
function said(program, ...flags) {
  const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--pretty', 'false', '--target', 'es2022']
  try {
    return execFileSync(process.execPath, [...tsc, ...flags, join(folder, program)], { cwd: folder, encoding: 'utf8' })
  } catch (error) {
    return error.stdout
  }
}

const RESOLUTIONS = { node16: 'node16', nodenext: 'nodenext', bundler: 'esnext' }

for (const [resolution, module] of Object.entries(RESOLUTIONS)) {
  test(`the types compile with ${resolution}`, () => {
    copyFileSync(join(root, 'tests/typed/use.ts'), join(folder, 'use.mts'))
    assert.equal(said('use.mts', '--module', module, '--moduleResolution', resolution, '--exactOptionalPropertyTypes', '--types', 'node', '--skipLibCheck'), '')
  })
}

// A package with only ES module types, or none, could not be required.
const REQUIRED = `
import sandgate = require('sandgate')
import v1 = require('sandgate/v1')
import v2 = require('sandgate/v2')
import e2b = require('sandgate/e2b')
const key: sandgate.v1.FileUrlKey = new v1.FileUrlKey('x')
const made: Promise<e2b.Signature> = e2b.getSignature({ path: key.sign({ path: '/a' }), operation: 'read', user: undefined })
export = [key, made, v2.trafficRoot]
`

test('the types of require compile with only the package', () => {
  writeFileSync(join(folder, 'required.cts'), REQUIRED)
  for (const resolution of ['node16', 'nodenext']) {
    // The libraries are checked too: Node's types must not be required.
    assert.equal(said('required.cts', '--module', resolution, '--types', ''), '')
  }
})

test('the committed types are those that tsc makes', () => {
  execFileSync(process.execPath, [join(root, 'scripts/types.mjs'), '--check'], { stdio: 'pipe' })
})
