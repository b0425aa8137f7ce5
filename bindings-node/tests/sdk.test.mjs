// `getSignature` of `sandgate/e2b` in place of the SDKs' own, in otherwise unmodified copies of their bundles.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Controller, Policy, v2 } from 'sandgate'
import { getSignature, getSignatureSync } from 'sandgate/e2b'
import { ID, NOW, V1_TOKEN, V2_TOKEN } from './calls.mjs'

const PATHS = ['', '/', 'a.txt', '/home/user/a b.txt', '/é/漢字/🚀', '/a+b&c=d?e#f%g;h', '/a:b:read', '/%2e%2e/..', '/\n\t\0', '/\ud800x', "/~*'()!"]
const USERS = [undefined, '', 'user', 'a b', 'é+&=%', 'root:read']
const LIFETIMES = [undefined, 1, 60, 604800, -1]

/** Where the SDKs are: beside the sources, or above a package as it is installed. */
const SDK_MODULES = ['../node_modules', '../../node_modules'].map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) => existsSync(join(path, 'e2b')))
const PACKAGE = dirname(createRequire(import.meta.url).resolve('sandgate/package.json'))
const folder = mkdtempSync(join(tmpdir(), 'sandgate-sdk-'))
after(() => rmSync(folder, { recursive: true }))

/** The dependencies of the SDKs, and this package. */
function installed() {
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync(SDK_MODULES)) symlinkSync(join(SDK_MODULES, name), join(modules, name))
  symlinkSync(PACKAGE, join(modules, 'sandgate'))
}
installed()

const DEFINITION = /^async function getSignature\(\{[\s\S]*?^\}\n/gm

/** A bundle of an SDK, and the same with our function. */
async function load(name, bundle) {
  const text = readFileSync(join(SDK_MODULES, name, 'dist', bundle), 'utf8')
  const [own, ...more] = text.match(DEFINITION)
  assert.equal(more.length, 0)
  const ours = `import { getSignature } from 'sandgate/e2b';\n${text.replace(own, '')}`
  const sdks = []
  for (const [kind, code] of [
    ['own', text],
    ['ours', ours],
  ]) {
    const file = join(folder, name, kind, bundle)
    mkdirSync(join(folder, name, kind), { recursive: true })
    for (const other of readdirSync(join(SDK_MODULES, name, 'dist'))) {
      if (other.endsWith('.mjs') && other !== bundle) symlinkSync(join(SDK_MODULES, name, 'dist', other), join(folder, name, kind, other))
    }
    writeFileSync(file, code)
    sdks.push(await import(pathToFileURL(file)))
  }
  return sdks
}

const SDKS = {
  e2b: await load('e2b', 'index.mjs'),
  'novita-sandbox': await load('novita-sandbox', 'chunk-MZHCBDPR.mjs'),
}

const sandboxOf = ({ Sandbox }, envdAccessToken, envdVersion = '0.6.4') =>
  new Sandbox({ sandboxId: ID, sandboxDomain: 'e2b.app', envdVersion, envdAccessToken, apiKey: `e2b_${'0'.repeat(40)}` })

async function urls(sandbox, lifetimes) {
  const made = []
  for (const path of PATHS) {
    for (const user of USERS) {
      for (const useSignatureExpiration of lifetimes) {
        made.push(await sandbox.downloadUrl(path, { user, useSignatureExpiration }))
        made.push(await sandbox.uploadUrl(path, { user, useSignatureExpiration }))
      }
    }
  }
  return made
}

/** The two sides would read the clock one after the other, and a new second may start in between. */
const stopped = (t) => t.mock.method(Date, 'now', () => NOW * 1000 + 999)

for (const [name, [own, ours]] of Object.entries(SDKS)) {
  for (const version of ['0.1.0', '0.6.4']) {
    test(`${name}: URLs are the same character by character, envd ${version}`, async (t) => {
      stopped(t)
      const theirs = await urls(sandboxOf(own, V1_TOKEN, version), LIFETIMES)
      assert.equal(theirs.length, PATHS.length * USERS.length * LIFETIMES.length * 2)
      assert.deepEqual(await urls(sandboxOf(ours, V1_TOKEN, version), LIFETIMES), theirs)
      assert(new Set(theirs).size > theirs.length / 4)
    })
  }

  test(`${name}: results are the same`, async (t) => {
    stopped(t)
    for (const expirationInSeconds of [undefined, null, 1, 60, -(10 ** 12), 2 ** 40]) {
      for (const user of [undefined, null, 'u']) {
        const opts = { path: '/a b', operation: 'write', user, envdAccessToken: V1_TOKEN, expirationInSeconds }
        const theirs = await own.getSignature(opts)
        for (const result of [await getSignature(opts), getSignatureSync(opts)]) {
          assert.deepEqual(result, theirs)
          assert.deepEqual(Object.keys(result), Object.keys(theirs))
          assert.equal(Object.getPrototypeOf(result), Object.prototype)
        }
      }
    }
  })

  test(`${name}: a lifetime of 0 is now, as in the E2B SDK and unlike Novita`, async (t) => {
    stopped(t)
    const opts = { path: '/a', operation: 'read', user: 'user', envdAccessToken: V1_TOKEN }
    const result = getSignatureSync({ ...opts, expirationInSeconds: 0 })
    assert.equal(result.expiration, NOW)
    assert.deepEqual(await own.getSignature({ ...opts, expirationInSeconds: 0 }), name === 'e2b' ? result : getSignatureSync(opts))
  })

  test(`${name}: without a token the rejection is the same`, async () => {
    for (const envdAccessToken of [undefined, null, '']) {
      const opts = { path: '/a', operation: 'read', user: 'user', envdAccessToken }
      const [theirs, mine] = await Promise.all([own.getSignature(opts), getSignature(opts)].map((made) => made.catch((error) => error)))
      assert.deepEqual([mine.constructor, mine.message, mine.code], [theirs.constructor, theirs.message, undefined])
      assert.throws(() => getSignatureSync(opts), { message: theirs.message })
    }
  })

  test(`${name}: misuse rejects and does not throw`, async () => {
    for (const opts of [undefined, { path: 5, operation: 'read', envdAccessToken: V1_TOKEN }]) {
      const made = getSignature(opts)
      await assert.rejects(made, { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' })
    }
  })

  test(`${name}: the SDK signs v2 with a v2 token`, async () => {
    const sandbox = sandboxOf(ours, V2_TOKEN)
    const controller = new Controller(V2_TOKEN, { policy: Policy.V2_ALONE })
    for (const path of PATHS) {
      for (const user of USERS) {
        const opts = { user, useSignatureExpiration: 60 }
        if (path === '' || path.includes('\0')) {
          await assert.rejects(sandbox.downloadUrl(path, opts), { name: 'RangeError', code: 'ERR_SANDGATE_PATH' })
          continue
        }
        for (const [url, operation, method] of [
          [await sandbox.downloadUrl(path, opts), 'read', 'GET'],
          [await sandbox.uploadUrl(path, opts), 'write', 'POST'],
        ]) {
          const query = url.split('?')[1]
          assert.match(query, /&signature=v2\.a\./)
          for (const grant of [
            new v2.FileUrlKey(V2_TOKEN).verifyQuery(query, { operation }),
            controller.check({ method, target: `/files?${query}` }).grant,
          ]) {
            const sent = path.replace('\ud800', '\ufffd')
            assert.deepEqual([grant.path, grant.user ?? '', grant.operation], [sent, user ?? '', operation])
          }
        }
      }
    }
  })

  test(`${name}: a v2 token requires an expiry`, async () => {
    await assert.rejects(sandboxOf(ours, V2_TOKEN).downloadUrl('/a'), {
      name: 'RangeError',
      message: 'expirationInSeconds: a URL of v2 must have an expiry',
    })
  })
}

test('v2 with a lifetime of 0 is valid for this second', (t) => {
  stopped(t)
  const opts = { path: '/a', operation: 'read', user: '', envdAccessToken: V2_TOKEN, expirationInSeconds: 0 }
  const { signature, expiration } = getSignatureSync(opts)
  assert.equal(expiration, NOW)
  new v2.FileUrlKey(V2_TOKEN).verify(signature, { path: '/a', expires: NOW, now: NOW })
})
