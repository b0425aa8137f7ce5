// The controller's rule for one request.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { Controller, Policy, v1, v2 } from 'sandgate'
import { getSignatureSync } from 'sandgate/e2b'
import { END, ID, NOW, SEED, V1_KEY, V1_TOKEN, V2_KEY, V2_RING, V2_TOKEN } from './calls.mjs'
import { misused, outcome, thrown } from './outcome.mjs'

const controller = new Controller(V1_TOKEN)
const get = (target, rest) => ({ method: 'GET', target, ...rest })
const BASE = 'https://a'
const targetOf = (key, url) => key.url(BASE, url).slice(BASE.length)

test('the basis names why a request is allowed', () => {
  assert.equal(controller.check(get('/health')).basis, 'exempt')
  assert.equal(controller.check(get('/metrics', { accessToken: V1_TOKEN })).basis, 'token')
  assert.equal(controller.check(get(targetOf(V1_KEY, { path: '/a' }))).basis, 'signature')
  assert.equal(Controller.open().check(get('/metrics')).basis, 'open')
  assert.deepEqual([Controller.open().isOpen, controller.isOpen], [true, false])
})

test('the grant has the signed values', () => {
  const url = {
    path: '/in/ü +%.txt',
    operation: 'write',
    user: 'é',
    directory: '/in/',
    maxBytes: 2 ** 53 - 1,
    contentSha256: new Uint8Array(32).map((_, at) => at),
  }
  const target = targetOf(V2_KEY, { ...url, expires: END })
  const { grant } = new Controller(V2_TOKEN).check({ method: 'POST', target, now: NOW })
  const bytes = Object.fromEntries(Object.entries(grant).map(([name, value]) => [name, value?.buffer ? new Uint8Array(value) : value]))
  assert.deepEqual(bytes, { ...url, expires: END })
  assert.equal(Buffer.from(grant.pathBytes).toString(), url.path)
  assert(Object.isFrozen(grant))
})

test('a token grants what is asked for, without expiry', () => {
  const { basis, grant } = controller.check(get('/files?path=/a&username=u', { accessToken: V1_TOKEN }))
  assert.deepEqual([basis, grant.path, grant.user, grant.expires], ['token', '/a', 'u', undefined])
})

test('a path and a user that are not UTF-8 are only bytes, and reading them as text throws', () => {
  const { grant } = controller.check(get(targetOf(V1_KEY, { path: Buffer.from('/\xff', 'latin1'), user: Buffer.from([0xfe]) })))
  misused(() => grant.path, RangeError, 'ERR_SANDGATE_PATH', 'path')
  misused(() => grant.user, RangeError, 'ERR_SANDGATE_USER', 'user')
  assert.deepEqual([[...grant.pathBytes], [...grant.userBytes]], [[0x2f, 0xff], [0xfe]])
})

test('an expiry above 2^53 - 1 is a bigint', () => {
  for (const [given, expires] of [
    [2n ** 63n - 1n, 2n ** 63n - 1n],
    [2n ** 53n, 2n ** 53n],
    [2n ** 53n - 1n, 2 ** 53 - 1],
    [-5n, -5],
  ]) {
    const query = V1_KEY.url('https://a', { path: '/a', expires: given }).split('?')[1]
    assert.equal(V1_KEY.verifyQuery(query, { now: -(2n ** 63n) }).expires, expires)
  }
})

test('a controller requires a token', () => {
  misused(() => new Controller([]), RangeError, 'ERR_SANDGATE_NO_TOKEN', 'accessToken')
  misused(() => new Controller(''), RangeError, 'ERR_SANDGATE_TOKEN', 'accessToken')
  misused(() => new Controller(), TypeError, 'ERR_INVALID_ARG_TYPE', 'accessToken')
})

test('tokens are of one wire format with distinct key ids', () => {
  misused(() => new Controller([V1_TOKEN, V2_TOKEN]), RangeError, 'ERR_SANDGATE_MIXED_VERSIONS', 'accessToken')
  const next = V2_RING.accessToken(ID, { generation: 1 })
  misused(() => new Controller([V2_TOKEN, next]), RangeError, 'ERR_SANDGATE_REPEATED_TOKEN', 'accessToken')
})

test('old and new token work during a rotation', () => {
  const next = new v2.Keyring({ b: SEED.slice(1) }).accessToken(ID)
  const both = new Controller([next, V2_TOKEN])
  for (const token of [next, V2_TOKEN]) {
    const target = targetOf(new v2.FileUrlKey(token), { path: '/a', expires: END })
    assert.equal(both.check(get(target, { now: NOW })).basis, 'signature')
  }
})

test('a repeated header is malformed', () => {
  for (const accessToken of [
    [V1_TOKEN, V1_TOKEN],
    [V1_TOKEN, Buffer.alloc(0)],
  ]) {
    assert.equal(outcome(() => controller.check(get('/metrics', { accessToken }))), 'malformed')
  }
})

test('an absent header can be written in four ways', () => {
  for (const accessToken of [undefined, null, [], '']) {
    assert.equal(outcome(() => controller.check(get('/metrics', { accessToken }))), 'missing')
  }
})

test('the context must be the same', () => {
  const target = targetOf(V2_KEY, { path: '/a', expires: END, context: '203.0.113.7' })
  const check = (context) => new Controller(V2_TOKEN).check(get(target, { context, now: NOW }))
  assert.equal(check(Buffer.from('203.0.113.7')).basis, 'signature')
  for (const other of [undefined, '203.0.113.8']) assert.equal(outcome(() => check(other)), 'invalid')
})

test('the policy decides what is accepted', () => {
  const endless = get(targetOf(V1_KEY, { path: '/a' }))
  assert.equal(controller.check(endless).basis, 'signature')
  const strict = new Controller(V1_TOKEN, { policy: new Policy({ v1ExpiryRequired: true }) })
  assert.equal(thrown(() => strict.check(endless)).message, 'signature lifetime is too long')
  misused(() => new Controller(V1_TOKEN, { policy: Policy.V2_ALONE }), RangeError, 'ERR_SANDGATE_TOKEN_VERSION', 'accessToken')
})

test('keys and controllers outlive the objects from which they were made', () => {
  const token = Buffer.from(V1_TOKEN)
  const [key, late] = [new v1.FileUrlKey(token), new Controller([token])]
  token.fill(0)
  assert.equal(key.sign({ path: '/a' }), V1_KEY.sign({ path: '/a' }))
  assert.equal(late.check(get('/metrics', { accessToken: V1_TOKEN })).basis, 'token')
})

test('the prefix of a token determines its format', () => {
  for (const [token, expected] of [[V2_TOKEN, true], [V1_TOKEN, false], ['sg2a.', true], ['sg2t.a', false], ['', false]]) {
    assert.equal(v2.isAccessToken(token), expected)
  }
})

test('a user is text and bytes; only v2 distinguishes an empty user from none', () => {
  for (const [accessToken, empty] of [[V1_TOKEN, undefined], [V2_TOKEN, '']]) {
    for (const [query, user] of [['', undefined], ['&username=', empty], ['&username=bj%C3%B6rn', 'björn']]) {
      const { grant } = new Controller(accessToken).check(get(`/files?path=/a${query}`, { accessToken }))
      assert.deepEqual([grant.user, grant.userBytes && Buffer.from(grant.userBytes).toString()], [user, user])
    }
  }
})

test('another secret of v2 is no token of v1', () => {
  for (const [token, code] of [['sg2t.x', 'ERR_SANDGATE_TRAFFIC_TOKEN_GIVEN'], ['sg2r.x', 'ERR_SANDGATE_TRAFFIC_ROOT_GIVEN']]) {
    for (const use of [
      () => new Controller(token),
      () => new v1.FileUrlKey(token),
      () => getSignatureSync({ path: '/a', operation: 'read', user: undefined, envdAccessToken: token }),
    ]) {
      misused(use, RangeError, code)
    }
  }
})

test('a second view has a method and a target, or is wrong use', () => {
  const controller = new Controller(V1_TOKEN)
  const view = { method: 'GET', target: '/health', headers: [] }
  assert.equal(controller.guard({ ...view, beside: view }).basis, 'exempt')
  for (const method of [undefined, null]) {
    misused(() => controller.guard({ ...view, beside: { ...view, method } }), TypeError, 'ERR_INVALID_ARG_TYPE')
    misused(() => controller.guard({ ...view, beside: { ...view, method, target: '/files' } }), TypeError, 'ERR_INVALID_ARG_TYPE')
  }
  misused(() => controller.guard({ ...view, beside: { ...view, target: null } }), TypeError, 'ERR_INVALID_ARG_TYPE')
})
