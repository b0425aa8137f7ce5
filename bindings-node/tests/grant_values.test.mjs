// A grant is handed over as one string: values of every length and kind arrive unchanged.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { Controller } from 'sandgate'
import { NOW, V1_KEY, V1_TOKEN, V2_KEY, V2_TOKEN } from './calls.mjs'

const BASE = 'https://a'
/** Lengths around which a count takes another unit. */
const LENGTHS = [0, 1, 61, 62, 63, 64, 127, 128, 129, 8190, 8191, 8192, 8193, 70_000]

/** What a query of this key grants. */
function granted(key, url) {
  const query = key.url(BASE, url).split('?')[1]
  return key.verifyQuery(query, { operation: url.operation, now: NOW })
}

test('paths of every length, as ASCII, as other text and as bytes', () => {
  for (const length of LENGTHS) {
    for (const character of ['a', '\xff', '漢', '😀']) {
      const path = character.repeat(length)
      const grant = granted(V1_KEY, { path, user: path, expires: NOW })
      assert.deepEqual([grant.path, grant.user ?? '', grant.expires], [path, path, NOW])
      for (const bytes of [grant.pathBytes, grant.userBytes ?? new Uint8Array()]) assert.equal(Buffer.compare(bytes, Buffer.from(path)), 0)
    }
    const bytes = new Uint8Array(length + 1).fill(0xff)
    const grant = granted(V1_KEY, { path: bytes, user: bytes, expires: NOW })
    assert.deepEqual([grant.pathBytes, grant.userBytes, grant.expires], [bytes, bytes, NOW])
  }
})

test('every byte, in a path and in a hash', () => {
  for (let byte = 0; byte < 256; byte++) {
    const path = Uint8Array.of(0x2f, byte)
    assert.deepEqual(granted(V1_KEY, { path, expires: NOW }).pathBytes, path)
    const contentSha256 = new Uint8Array(32).fill(byte)
    const grant = granted(V2_KEY, { path: '/a', operation: 'write', expires: NOW + 1, contentSha256 })
    assert.deepEqual([grant.contentSha256, grant.maxBytes, grant.directory], [contentSha256, undefined, undefined])
  }
})

test('integers of every size', () => {
  const sizes = [0n, 1n, 125n, 126n, 127n, 2n ** 31n, 2n ** 32n, 2n ** 52n - 1n, 2n ** 52n, 2n ** 52n + 1n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n - 1n]
  for (const size of sizes) {
    const exact = size < 2n ** 53n ? Number(size) : size
    const query = V1_KEY.url(BASE, { path: '/a', expires: size }).split('?')[1]
    assert.equal(V1_KEY.verifyQuery(query, { now: 0 }).expires, exact)
    if (size >= 2n ** 53n) continue
    assert.equal(granted(V2_KEY, { path: '/a', operation: 'write', expires: NOW + 1, maxBytes: exact }).maxBytes, exact)
  }
})

test('each limit alone and all of them, for a write and with the basis', () => {
  const limits = { directory: '/in/', maxBytes: 0, contentSha256: new Uint8Array(32) }
  const controller = new Controller(V2_TOKEN)
  for (const names of [[], ['directory'], ['maxBytes'], ['contentSha256'], Object.keys(limits)]) {
    const given = Object.fromEntries(names.map((name) => [name, limits[name]]))
    const target = V2_KEY.url(BASE, { path: '/in/é', operation: 'write', user: '', expires: NOW + 1, ...given }).slice(BASE.length)
    const { basis, grant } = controller.check({ method: 'POST', target, now: NOW })
    const { operation, path, user, directory, maxBytes, contentSha256 } = grant
    assert.deepEqual([basis, operation, path, user], ['signature', 'write', '/in/é', ''])
    assert.deepEqual({ directory, maxBytes, contentSha256 }, { directory: undefined, maxBytes: undefined, contentSha256: undefined, ...given })
  }
})

test('an allowed request without a grant has only its basis', () => {
  for (const [controller, request, basis] of [
    [Controller.open(), { method: 'GET', target: '/metrics' }, 'open'],
    [new Controller(V1_TOKEN), { method: 'GET', target: '/health' }, 'exempt'],
    [new Controller(V1_TOKEN), { method: 'GET', target: '/metrics', accessToken: V1_TOKEN }, 'token'],
  ]) {
    assert.deepEqual({ ...controller.check(request) }, { basis, grant: undefined })
    const { accessToken, ...line } = request
    const headers = accessToken === undefined ? [] : [['X-Access-Token', accessToken]]
    assert.deepEqual({ ...controller.guard({ ...line, headers }) }, { basis, grant: undefined })
  }
})

test('the bytes of a path and of a user are the same text, made once for the path', () => {
  const grant = granted(V1_KEY, { path: '/é', user: 'ü', expires: NOW })
  assert.equal(grant.pathBytes, grant.pathBytes)
  assert.deepEqual([...grant.pathBytes, ...grant.userBytes], [...Buffer.from('/éü')])
  assert(grant.pathBytes instanceof Uint8Array && Object.isFrozen(grant))
})
