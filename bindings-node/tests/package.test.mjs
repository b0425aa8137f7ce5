// The contents of the package.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import * as all from 'sandgate'
import * as e2b from 'sandgate/e2b'
import * as fetch from 'sandgate/fetch'
import * as http from 'sandgate/http'
import * as v1 from 'sandgate/v1'
import * as v2 from 'sandgate/v2'

const require = createRequire(import.meta.url)
const at = (path) => new URL(`../${path}`, import.meta.url)
const manifest = require('sandgate/package.json')
const DOORS = { sandgate: all, 'sandgate/v1': v1, 'sandgate/v2': v2, 'sandgate/e2b': e2b, 'sandgate/http': http, 'sandgate/fetch': fetch }

test('import and require return the same names and the same objects', () => {
  for (const [name, imported] of Object.entries(DOORS)) {
    const required = require(name)
    assert.deepEqual(Object.keys(imported).sort(), Object.keys(required).sort())
    for (const [key, value] of Object.entries(imported)) assert.equal(value, required[key])
  }
  for (const [name, members] of Object.entries({ v1, v2 })) {
    for (const [key, value] of Object.entries(members)) assert.equal(all[name][key], value)
  }
})

test('a CommonJS tool that asks for browser files gets CommonJS and WebAssembly, as jest does with jsdom', () => {
  const code = `
    const told = ['sandgate', 'sandgate/v1', 'sandgate/v2', 'sandgate/e2b', 'sandgate/fetch'].map((name) => Object.keys(require(name)).length > 0)
    const all = require('sandgate')
    told.push(all.backend, all.describe('x').kind, all.v1 && new all.v1.Keyring('a seed of at least 16 bytes').accessToken('abc').length)
    // Where Node can require an ES module, it would do so without a word.
    const modules = Object.keys(require.cache).filter((file) => file.includes('/dist/esm/'))
    console.log(JSON.stringify([...told, modules]))`
  const said = execFileSync(process.execPath, ['--conditions=browser', '--eval', code], { cwd: fileURLToPath(at('.')), encoding: 'utf8' })
  assert.deepEqual(JSON.parse(said), [true, true, true, true, true, 'wasm', 'unknown', 64, []])
})

test('an error of one entry point is an instance of the class of the other', () => {
  const { Keyring } = require('sandgate/v1')
  assert.throws(() => new Keyring('a seed of at least 16 bytes').verifyAccessToken('abc', 'x'), all.SandgateError)
})

test('only the documented paths can be imported', () => {
  for (const path of ['sandgate/dist/native.js', 'sandgate/native', 'sandgate/dist/index.js']) {
    assert.throws(() => require(path), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' })
  }
})

test('every exported file exists', () => {
  const targets = (value) => (typeof value === 'string' ? [value] : Object.values(value).flatMap(targets))
  for (const [path, conditions] of Object.entries(manifest.exports)) {
    for (const target of targets(conditions)) assert(existsSync(at(target)), `${path}: ${target}`)
    // `types` must come first.
    for (const condition of Object.values(conditions)) if (condition.types) assert.equal(Object.keys(condition)[0], 'types')
  }
})

test('the version and the licence are those of the workspace', () => {
  const workspace = readFileSync(at('../Cargo.toml'), 'utf8')
  const field = (name) => workspace.match(new RegExp(`^${name} = "(.*)"$`, 'm'))[1]
  assert.deepEqual([manifest.version, manifest.license], [field('version'), field('license')])
  for (const file of ['LICENSE-APACHE', 'LICENSE-MIT']) assert.equal(readFileSync(at(file), 'utf8'), readFileSync(at(`../${file}`), 'utf8'))
})

test('the loader knows exactly the built platforms', () => {
  const names = { 'x86_64-unknown-linux-gnu': 'linux-x64-gnu' }
  const built = manifest.napi.targets.map((target) => names[target])
  const [published] = readFileSync(at('ts/backend/no_addon.ts'), 'utf8').match(/PUBLISHED.*= \{.*\}/)
  assert.deepEqual([...published.matchAll(/'(\w+-\w+(?:-\w+)?)': /g)].map(([, platform]) => platform), built)
  const embedded = readFileSync(at('ts/backend/embedded_bun.ts'), 'utf8')
  assert.deepEqual([...embedded.matchAll(/require\('sandgate-(.*?)'\)/g)].map(([, platform]) => platform), built)
})

test('bundlers for Node do not find the name of an addon', () => {
  for (const file of readdirSync(at('dist'), { recursive: true })) {
    if (!/\.m?js$/.test(file) || file === 'backend/embedded_bun.js') continue
    assert.doesNotMatch(readFileSync(at(`dist/${file}`), 'utf8'), /(require|import)\(\s*['"`](sandgate-|[^'"`]*\.node)/, file)
  }
})

test('the stated glibc is the one of the build', () => {
  const [, glibc] = readFileSync(at('../xtask/src/zig.rs'), 'utf8').match(/GLIBC: &str = "(.*)"/)
  for (const file of ['ts/backend/no_addon.ts', 'README.md', '../bindings-python/README.md']) {
    assert(readFileSync(at(file), 'utf8').includes(`glibc ${glibc}`), file)
  }
})

test('the lock file names no host', () => {
  assert.doesNotMatch(readFileSync(at('package-lock.json'), 'utf8'), /"resolved"|registry/)
})
