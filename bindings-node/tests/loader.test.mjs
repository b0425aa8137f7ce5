// Where the addon is looked for, and what is said where none can be loaded.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sandgate-loader-'))
after(() => rmSync(folder, { recursive: true }))
for (const path of ['dist', 'package.json']) cpSync(join(root, path), join(folder, path), { recursive: true })

const ADDON = 'sandgate-linux-x64-gnu'
const MAPS = {
  glibc: '7f00 r-xp /usr/lib/x86_64-linux-gnu/libc.so.6\n7f10 r-xp /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2\n',
  musl: '7f00 r-xp /lib/ld-musl-x86_64.so.1\n7f10 r-xp [vdso]\n',
  "Debian's musl": '7f00 r-xp /usr/lib/x86_64-linux-musl/libc.so\n7f10 r-xp [vdso]\n',
  unknown: null,
}

beforeEach(() => rmSync(join(folder, 'node_modules'), { recursive: true, force: true }))

/** What happens on such a machine: its platform, the libc in this process, and, if anybody asks, its ldd and its report. */
function importOn({ platform = 'linux', arch = 'x64', libc = 'glibc', backend = 'native' } = {}) {
  const script = `
    const fs = require('node:fs')
    const real = fs.readFileSync
    fs.readFileSync = (path, ...rest) => {
      if (path === '/usr/bin/ldd') throw new Error('ldd was asked')
      if (path !== '/proc/self/maps') return real(path, ...rest)
      const maps = ${JSON.stringify(MAPS[libc])}
      if (maps === null) throw new Error('there is none')
      return maps
    }
    let reported = false
    process.report.getReport = () => { reported = true; return {} }
    Object.defineProperty(process, 'platform', { value: '${platform}' })
    Object.defineProperty(process, 'arch', { value: '${arch}' })
    process.env.SANDGATE_BACKEND = ${JSON.stringify(backend)}
    let told = {}
    try {
      const { native, backend } = require(${JSON.stringify(folder)} + '/dist/native.js')
      told.loaded = Object.keys(native)
      told.backend = backend
    } catch (error) {
      told = { code: error.code, message: error.message, cause: error.cause?.message }
    }
    console.log(JSON.stringify({ ...told, reported }))`
  const { reported, ...told } = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }))
  // It looks up the names of all peers, for minutes.
  assert.equal(reported, false)
  return told
}

function packageOf(name, code) {
  mkdirSync(join(folder, 'node_modules', name), { recursive: true })
  writeFileSync(join(folder, 'node_modules', name, 'index.js'), code)
}

/** A package whose addon fails to load as the loader of the system fails. */
function failing(message, code = 'ERR_DLOPEN_FAILED') {
  packageOf(ADDON, `throw Object.assign(new Error(${JSON.stringify(message)}), { code: '${code}' })`)
}

test('a platform without an addon is named', () => {
  for (const [machine, name] of [
    [{ platform: 'darwin', arch: 'arm64' }, 'darwin-arm64'],
    [{ platform: 'win32' }, 'win32-x64-msvc'],
    [{ arch: 'arm64' }, 'linux-arm64-gnu'],
    [{ libc: 'musl' }, 'linux-x64-musl'],
    [{ libc: "Debian's musl" }, 'linux-x64-musl'],
  ]) {
    const { code, message } = importOn(machine)
    assert.equal(code, 'ERR_SANDGATE_NO_ADDON')
    assert.match(message, new RegExp(`^sandgate has no addon for ${name}, only for linux-x64-gnu \\(glibc 2.17 or later\\)`))
  }
})

test('a package that was not installed is named', () => {
  for (const machine of [{}, { libc: 'unknown' }]) {
    const { code, message, cause } = importOn(machine)
    assert.equal(code, 'ERR_SANDGATE_NO_ADDON')
    assert.match(message, /the package sandgate-linux-x64-gnu is missing.*optional/)
    assert.match(cause, /Cannot find module 'sandgate-linux-x64-gnu'/)
  }
})

test('an addon that cannot be loaded says why', () => {
  packageOf(ADDON, 'throw new Error("GLIBC_9.9 not found")')
  const { code, message, cause } = importOn()
  assert.deepEqual([code, cause], ['ERR_SANDGATE_NO_ADDON', 'GLIBC_9.9 not found'])
  assert.match(message, /is there and cannot be loaded/)
})

test('a glibc that is too old is named', () => {
  failing("/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /app/node_modules/x.node)")
  assert.match(importOn().message, /addon of sandgate for linux-x64-gnu .*cannot be loaded: it needs glibc 2\.34 or later/)
})

test('the permission that Node lacks is named', () => {
  failing('Cannot load native addon because loading addons is disabled.', 'ERR_DLOPEN_DISABLED')
  assert.match(importOn().message, /: start Node with --allow-addons;/)
  failing('Access to this API has been restricted', 'ERR_ACCESS_DENIED')
  assert.match(importOn().message, /: start Node with --allow-fs-read for node_modules;/)
})

test('a thrown value that is no error is a cause like another', () => {
  for (const thrown of ['null', 'undefined', '"text"']) {
    packageOf(ADDON, `throw ${thrown}`)
    assert.match(importOn().message, /is there and cannot be loaded; see the cause/)
  }
})

test('on musl the addon for glibc, which does not load there, is as good as none', () => {
  failing('Error loading shared library ld-linux-x86-64.so.2: No such file or directory')
  const { message, cause } = importOn({ libc: 'musl' })
  assert.match(message, /^sandgate has no addon for linux-x64-musl, only for linux-x64-gnu/)
  assert.match(cause, /ld-linux/)
})

test('the package of the platform is what is loaded, whatever libc is thought to run', () => {
  packageOf(ADDON, 'exports.theirs = 1')
  writeFileSync(join(folder, 'sandgate.linux-x64-gnu.node'), 'not an addon')
  for (const libc of Object.keys(MAPS)) assert.deepEqual(importOn({ libc }).loaded, ['theirs'])
})

test('one beside the package, for development, is loaded otherwise', () => {
  const { code, message, cause } = importOn()
  assert.equal(code, 'ERR_SANDGATE_NO_ADDON')
  assert.match(`${message} ${cause}`, /cannot be loaded.*sandgate\.linux-x64-gnu\.node/)
})

test('one that was built on musl is loaded there', () => {
  rmSync(join(folder, 'sandgate.linux-x64-gnu.node'))
  writeFileSync(join(folder, 'sandgate.linux-x64-musl.node'), 'not an addon')
  const { message, cause } = importOn({ libc: 'musl' })
  assert.match(`${message} ${cause}`, /for linux-x64-musl is there and cannot be loaded.*sandgate\.linux-x64-musl\.node/)
})

test('stacks are afterwards as they were before, and where they cannot be changed the addon is found all the same', () => {
  packageOf(ADDON, 'exports.theirs = 1')
  const load = `require(${JSON.stringify(folder)} + '/dist/native.js')`
  for (const code of [
    `Error.stackTraceLimit = 7; Error.prepareStackTrace = () => 'mine'; ${load}; console.log(Error.stackTraceLimit, new Error().stack)`,
    `Error.stackTraceLimit = 7; Object.freeze(Error); ${load}; console.log(Error.stackTraceLimit, 'mine')`,
  ]) {
    assert.equal(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }), '7 mine\n')
  }
})
