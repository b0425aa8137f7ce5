// What the package is made of.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
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

test('import and require give the same names and the same objects', () => {
  for (const [name, imported] of Object.entries(DOORS)) {
    const required = require(name)
    assert.deepEqual(Object.keys(imported).sort(), Object.keys(required).sort())
    for (const [key, value] of Object.entries(imported)) assert.equal(value, required[key])
  }
  for (const [name, members] of Object.entries({ v1, v2 })) {
    for (const [key, value] of Object.entries(members)) assert.equal(all[name][key], value)
  }
})

test('an error made by one door is known at the other', () => {
  const { Keyring } = require('sandgate/v1')
  assert.throws(() => new Keyring('a seed of at least 16 bytes').verifyAccessToken('abc', 'x'), all.SandgateError)
})

test('nothing else can be imported', () => {
  for (const path of ['sandgate/dist/native.js', 'sandgate/native', 'sandgate/dist/index.js']) {
    assert.throws(() => require(path), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' })
  }
})

test('every file that is exported is there', () => {
  const targets = (value) => (typeof value === 'string' ? [value] : Object.values(value).flatMap(targets))
  for (const [path, conditions] of Object.entries(manifest.exports)) {
    for (const target of targets(conditions)) assert(existsSync(at(target)), `${path}: ${target}`)
    // `types` is looked for first.
    for (const condition of Object.values(conditions)) if (condition.types) assert.equal(Object.keys(condition)[0], 'types')
  }
})

test('the version and the licence are those of the workspace', () => {
  const workspace = readFileSync(at('../Cargo.toml'), 'utf8')
  const field = (name) => workspace.match(new RegExp(`^${name} = "(.*)"$`, 'm'))[1]
  assert.deepEqual([manifest.version, manifest.license], [field('version'), field('license')])
  for (const file of ['LICENSE-APACHE', 'LICENSE-MIT']) assert.equal(readFileSync(at(file), 'utf8'), readFileSync(at(`../${file}`), 'utf8'))
})

test('the loader asks for the platforms that are built, and for no others', () => {
  const names = { 'x86_64-unknown-linux-gnu': 'linux-x64-gnu' }
  const built = manifest.napi.targets.map((target) => names[target])
  const [published] = readFileSync(at('ts/backend/no_addon.ts'), 'utf8').match(/PUBLISHED.*= \{.*\}/)
  assert.deepEqual([...published.matchAll(/'(\w+-\w+(?:-\w+)?)': /g)].map(([, platform]) => platform), built)
  const embedded = readFileSync(at('ts/backend/embedded_bun.ts'), 'utf8')
  assert.deepEqual([...embedded.matchAll(/require\('sandgate-(.*?)'\)/g)].map(([, platform]) => platform), built)
})

test('no bundler for Node finds the name of an addon', () => {
  for (const file of readdirSync(at('dist'), { recursive: true })) {
    if (!/\.m?js$/.test(file) || file === 'backend/embedded_bun.js') continue
    assert.doesNotMatch(readFileSync(at(`dist/${file}`), 'utf8'), /(require|import)\(\s*['"`](sandgate-|[^'"`]*\.node)/, file)
  }
})

test('the glibc that is named is the one that is built for', () => {
  const [, glibc] = readFileSync(at('../xtask/src/zig.rs'), 'utf8').match(/GLIBC: &str = "(.*)"/)
  for (const file of ['ts/backend/no_addon.ts', 'README.md', '../bindings-python/README.md']) {
    assert(readFileSync(at(file), 'utf8').includes(`glibc ${glibc}`), file)
  }
})

test('the lock file names no host', () => {
  assert.doesNotMatch(readFileSync(at('package-lock.json'), 'utf8'), /"resolved"|registry/)
})
