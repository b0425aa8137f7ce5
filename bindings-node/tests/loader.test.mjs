// What is said where no addon can be loaded.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sandgate-loader-'))
after(() => rmSync(folder, { recursive: true }))
for (const path of ['dist', 'package.json']) cpSync(join(root, path), join(folder, path), { recursive: true })

/** What happens on such a machine: its platform, and what reading /usr/bin/ldd gives. */
function importOn({ platform = 'linux', arch = 'x64', ldd = 'GNU libc', glibc = '2.36' } = {}) {
  const script = `
    const fs = require('node:fs')
    const real = fs.readFileSync
    fs.readFileSync = (path, ...rest) => {
      if (path !== '/usr/bin/ldd') return real(path, ...rest)
      if (${JSON.stringify(ldd)} === null) throw new Error('there is none')
      return ${JSON.stringify(ldd)}
    }
    process.report.getReport = () => ({ header: ${JSON.stringify(glibc && { glibcVersionRuntime: glibc }) } || {} })
    Object.defineProperty(process, 'platform', { value: '${platform}' })
    Object.defineProperty(process, 'arch', { value: '${arch}' })
    let told = {}
    try {
      told.loaded = Object.keys(require(${JSON.stringify(folder)} + '/dist/native.js').native)
    } catch (error) {
      told = { code: error.code, message: error.message, cause: error.cause?.message }
    }
    console.log(JSON.stringify(told))`
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }))
}

function packageOf(name, code) {
  mkdirSync(join(folder, 'node_modules', name), { recursive: true })
  writeFileSync(join(folder, 'node_modules', name, 'index.js'), code)
}

test('a platform without an addon is named', () => {
  for (const [machine, name] of [
    [{ platform: 'darwin', arch: 'arm64' }, 'darwin-arm64'],
    [{ platform: 'win32' }, 'win32-x64-msvc'],
    [{ arch: 'arm64' }, 'linux-arm64-gnu'],
    [{ ldd: '#!/bin/sh\n# musl' }, 'linux-x64-musl'],
    [{ ldd: null, glibc: false }, 'linux-x64-musl'],
  ]) {
    const { code, message } = importOn(machine)
    assert.equal(code, 'ERR_SANDGATE_NO_ADDON')
    assert.match(message, new RegExp(`^sandgate has no addon for ${name}, only for linux-x64-gnu\\b`))
  }
})

test('a package that was not installed is named', () => {
  for (const machine of [{}, { ldd: null }]) {
    const { code, message } = importOn(machine)
    assert.equal(code, 'ERR_SANDGATE_NO_ADDON')
    assert.match(message, /the package sandgate-linux-x64-gnu is missing.*optional/)
  }
})

test('an addon that cannot be loaded says why', () => {
  packageOf('sandgate-linux-x64-gnu', 'throw new Error("GLIBC_9.9 not found")')
  const { code, message, cause } = importOn()
  assert.deepEqual([code, cause], ['ERR_SANDGATE_NO_ADDON', 'GLIBC_9.9 not found'])
  assert.match(message, /is there and cannot be loaded/)
})

test('the package of the platform is what is loaded', () => {
  packageOf('sandgate-linux-x64-gnu', 'exports.theirs = 1')
  writeFileSync(join(folder, 'sandgate.linux-x64-gnu.node'), 'not an addon')
  assert.deepEqual(importOn().loaded, ['theirs'])
})

test('one beside the package, for development, is loaded otherwise', () => {
  rmSync(join(folder, 'node_modules'), { recursive: true })
  const { code, message, cause } = importOn()
  assert.equal(code, 'ERR_SANDGATE_NO_ADDON')
  assert.match(`${message} ${cause}`, /cannot be loaded.*sandgate\.linux-x64-gnu\.node/)
})
