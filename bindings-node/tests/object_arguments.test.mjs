// Argument objects: read once, and refused if a mistake would be dropped silently.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { Controller, decide, Edge, explain, Policy, Route, v1, v2 } from 'sandgate'
import { CONTROLLER, EDGE, END, ID, RESTRICTED, ROUTE, SEED, TRAFFIC, TRAFFIC_TOKEN, V1_KEY, V1_RING, V1_TOKEN, V2_KEY, V2_RING, V2_TOKEN } from './calls.mjs'
import { misused } from './outcome.mjs'

const PRIMITIVES = [0, 3, 'x', true, Symbol('x'), 5n, () => 1]
const refused = (call, name) => misused(call, TypeError, 'ERR_INVALID_ARG_TYPE', name)

test('a required object is refused by name if it is absent', () => {
  for (const x of [...PRIMITIVES, undefined, null]) {
    for (const key of [V1_KEY, V2_KEY]) {
      for (const call of [() => key.sign(x), () => key.url('a', x), () => key.verify('a', x), () => key.isValid('a', x)]) {
        refused(call, 'url')
      }
    }
    refused(() => CONTROLLER.check(x), 'request')
    refused(() => Route.parse(x), 'headers')
    refused(() => EDGE.check(ROUTE, x, {}), 'state')
    refused(() => EDGE.check(ROUTE, RESTRICTED, x), 'request')
    refused(() => EDGE.screen(ROUTE, x), 'request')
    for (const guard of [(x) => CONTROLLER.guard(x), (x) => EDGE.route(x), (x) => EDGE.guard(ROUTE, RESTRICTED, x)]) refused(() => guard(x), 'request')
    refused(() => EDGE.guard(ROUTE, x, SEEN), 'state')
  }
})

const SEEN = { method: 'GET', target: '/', headers: [['Host', `8080-${ID}.e2b.app`]] }

test('requests to guards are refused by name', () => {
  const guards = [(x) => CONTROLLER.guard(x), (x) => EDGE.route(x), (x) => EDGE.guard(ROUTE, { restricted: false }, x)]
  for (const guard of guards) {
    for (const headers of [undefined, null, 5, 'Host: a', { host: 'a' }, [5], ['ab'], [[5, 'a']]]) refused(() => guard({ ...SEEN, headers }), 'headers')
    for (const value of [5, null, ['a']]) refused(() => guard({ ...SEEN, headers: [['Host', value]] }), 'headers')
    refused(() => guard({ ...SEEN, method: undefined }), 'method')
    refused(() => guard({ ...SEEN, target: 5 }), 'target')
    refused(() => guard({ ...SEEN, joined: 1 }), 'joined')
    refused(() => guard({ ...SEEN, hasBody: 'no' }), 'hasBody')
    refused(() => guard({ ...SEEN, body: true }))
  }
  for (const guard of guards.slice(0, 2)) {
    for (const beside of [5, 'x', {}, { ...SEEN, headers: {} }, { ...SEEN, now: 5 }]) refused(() => guard({ ...SEEN, beside }))
  }
})

test('lines may be any iterable, of byte strings or bytes', () => {
  const controller = new Controller('t\xf6k')
  const utf8 = Buffer.from('t\xf6k')
  const lines = [[['x-ACCESS-token', utf8.toString('latin1')]], new Map([['x-access-token', utf8]]), new Set([['a', 5], ['X-Access-Token', utf8]])]
  for (const headers of lines) assert.equal(controller.guard({ method: 'GET', target: '/', headers }).basis, 'token')
  // The value was already decoded.
  assert.equal(new Controller('\u2713').guard({ ...SEEN, headers: [['x-access-token', '\u2713']] }).basis, 'token')
  for (const value of ['t\xf6k', 'tok', '\ud800', '\u0174\u0196\u016b']) {
    assert.throws(() => controller.guard({ ...SEEN, headers: [['x-access-token', value]] }), { code: 'ERR_SANDGATE_INVALID' })
  }
})

test('the second view of a request must be the same', () => {
  const token = [['X-Access-Token', V1_TOKEN]]
  const request = { method: 'GET', target: '/metrics', headers: token }
  assert.equal(CONTROLLER.guard({ ...request, beside: request }).basis, 'token')
  for (const beside of [{ method: 'POST' }, { target: '/' }, { headers: [] }, { headers: [...token, ['Cookie', 'a']] }]) {
    assert.throws(() => CONTROLLER.guard({ ...request, beside: { ...request, ...beside } }), { status: 400, gate: 'route' })
  }
  assert.throws(() => EDGE.route({ ...SEEN, beside: { ...SEEN, target: '/a' } }), { status: 400, gate: 'host' })
})

test('a header that does not decide may be anything', () => {
  assert.equal(CONTROLLER.guard({ method: 'GET', target: '/health', headers: [['a', 5], ['b']] }).basis, 'exempt')
})

test('optional objects may be omitted', () => {
  const calls = [
    (x) => new Policy(x),
    (x) => new Controller(V1_TOKEN, x),
    (x) => new Edge(x),
    (x) => new v2.FileUrlKey(V2_TOKEN, x),
    (x) => new v2.TrafficKey(TRAFFIC_TOKEN, x),
    (x) => V2_RING.accessToken(ID, x),
    (x) => V2_RING.trafficToken(ID, x),
    (x) => V2_RING.isValidAccessToken(ID, 'x', x),
    (x) => V2_RING.isValidTrafficToken(ID, 'x', x),
    (x) => V2_RING.verifyAccessToken(ID, V2_TOKEN, x),
    (x) => V2_RING.verifyTrafficToken(ID, TRAFFIC_TOKEN, x),
    (x) => V2_RING.traffic().trafficToken(ID, x),
    (x) => V2_RING.traffic().isValidTrafficToken(ID, 'x', x),
    (x) => V2_RING.traffic().verifyTrafficToken(ID, TRAFFIC_TOKEN, x),
    (x) => V1_KEY.verifyQuery(V1_KEY.url('https://a', { path: '/a' }).split('?')[1], x),
    (x) => V2_KEY.verifyQuery(V2_KEY.url('https://a', { path: '/a', expiresIn: 9 }).split('?')[1], x),
    (x) => TRAFFIC.verifyPass(TRAFFIC.issuePass(80, { expiresIn: 9 }), 80, x),
    (x) => TRAFFIC.verifySignedHost(TRAFFIC.issueSignedHost(ID, 80, { expiresIn: 9 }), ID, 80, x),
    (x) => explain('path=/a', V1_TOKEN, x),
  ]
  for (const call of calls) {
    for (const none of [undefined, null, {}, Object.create(null)]) call(none)
    // A generation instead of `{ generation }` would silently be 0.
    for (const x of PRIMITIVES) refused(() => call(x), 'options')
  }
})

test('an option with an unknown name is refused', () => {
  refused(() => new Policy({ maxLifeTime: 60 }), 'options')
  refused(() => new Controller(V1_TOKEN, { polciy: Policy.V2_ALONE }), 'options')
  refused(() => new Edge({ keyring: V2_RING.traffic() }), 'options')
  refused(() => new v2.FileUrlKey(V2_TOKEN, { lifetime: 60 }), 'options')
  refused(() => new v2.TrafficKey(TRAFFIC_TOKEN, { port: 60 }), 'options')
  refused(() => decide({ allow_public_traffic: false, envdVersion: '0.6.4' }), 'options')
  refused(() => explain('path=/a', V1_TOKEN, { op: 'write' }), 'options')
  refused(() => new Controller(V1_TOKEN, Policy.E2B_SDKS), 'options')
  refused(() => new Edge(Policy.E2B_SDKS), 'options')
})

test('an argument must be an object of its class', () => {
  const others = [...PRIMITIVES, {}, [], new Proxy(Policy.V2_ALONE, {}), Object.create(Policy.prototype), V1_KEY, Buffer.from('x')]
  for (const x of others) {
    refused(() => new Controller(V1_TOKEN, { policy: x }), 'policy')
    refused(() => new Edge({ policy: x }), 'policy')
    refused(() => new Edge({ v1Keyring: x }), 'v1Keyring')
    refused(() => new Edge({ v2Keyring: x }), 'v2Keyring')
    refused(() => EDGE.screen(x, { method: 'GET', target: '/' }), 'route')
    refused(() => EDGE.check(x, RESTRICTED, { method: 'GET', target: '/' }), 'route')
    // A text may be the name of one.
    if (x === 'x' || Buffer.isBuffer(x)) misused(() => new Policy({ base: x }), RangeError, 'ERR_INVALID_ARG_VALUE', 'base')
    else refused(() => new Policy({ base: x }), 'base')
  }
  refused(() => new Edge({ v1Keyring: V2_RING.traffic() }), 'v1Keyring')
  refused(() => new Edge({ v2Keyring: V1_RING }), 'v2Keyring')
  // A whole keyring would open controllers.
  refused(() => new Edge({ v2Keyring: V2_RING }), 'v2Keyring')
  refused(() => EDGE.screen(null, { method: 'GET', target: '/' }), 'route')
  refused(() => EDGE.check(undefined, RESTRICTED, { method: 'GET', target: '/' }), 'route')
})

test('a flag must be a boolean', () => {
  for (const x of [...PRIMITIVES.filter((x) => x !== true), {}, new Boolean(false)]) {
    refused(() => EDGE.check(ROUTE, { restricted: x }, { method: 'GET', target: '/' }), 'state.restricted')
    refused(() => new Policy({ v1ExpiryRequired: x }), 'v1ExpiryRequired')
  }
  // Omitted, it would open a sandbox that should be closed.
  for (const x of [{}, { restricted: undefined }, { restricted: null }]) {
    refused(() => EDGE.check(ROUTE, x, { method: 'GET', target: '/' }), 'state.restricted')
  }
})

test('lists of names are refused by name', () => {
  for (const [name, right] of [
    ['carriers', 'header'],
    ['versions', 'v2'],
  ]) {
    new Policy({ [name]: [right] })
    for (const x of [...PRIMITIVES, {}, right, [5], [null], [[right]], new Set([right])]) refused(() => new Policy({ [name]: x }), name)
    for (const x of [['pigeon'], [''], [right, `${right} `]]) {
      misused(() => new Policy({ [name]: x }), RangeError, 'ERR_INVALID_ARG_VALUE', name)
    }
  }
  misused(() => new Policy({ versions: [] }), RangeError, 'ERR_INVALID_ARG_VALUE', 'versions')
})

test('a SHA-256 must be 32 bytes', () => {
  const sign = (contentSha256) => V2_KEY.sign({ path: '/a', operation: 'write', expires: END, contentSha256 })
  const without = sign(undefined)
  assert.equal(sign(null), without)
  assert.notEqual(sign(Buffer.alloc(32)), without)
  for (const x of [...PRIMITIVES, {}, 'x'.repeat(32), new Uint16Array(32), new ArrayBuffer(32), [...Buffer.alloc(32)]]) {
    refused(() => sign(x), 'contentSha256')
  }
  for (const length of [0, 31, 33, 64]) misused(() => sign(new Uint8Array(length)), RangeError, 'ERR_INVALID_ARG_VALUE', 'contentSha256')
})

test('each property is read once', () => {
  const reads = []
  const counted = new Proxy({ path: '/a', expires: END }, { get: (object, name) => (reads.push(name), object[name]) })
  V2_KEY.sign(counted)
  assert.equal(new Set(reads).size, reads.length)
})

test('a class works as an object of options', () => {
  class Url {
    get path() {
      return '/a'
    }
  }
  assert.equal(V1_KEY.sign(new Url()), V1_KEY.sign({ path: '/a' }))
})

test('seeds may be a map, pairs or an object', () => {
  const [first, second] = [SEED, SEED.slice(1)]
  const token = new v2.Keyring([['a', first]]).accessToken(ID)
  const pairs = [
    ['a', first],
    ['1', second],
  ]
  function* generated() {
    yield* pairs
  }
  for (const seeds of [pairs, new Map(pairs), generated(), { a: first, b: second }, { a: first }, Object.freeze({ a: first })]) {
    assert.equal(new v2.Keyring(seeds).accessToken(ID), token)
  }
  assert(new v2.Keyring({ 1: first }).accessToken(ID).startsWith('sg2a.1.'))
  // `{ a, 1 }` is `{ 1, a }` to JavaScript, and the first one derives.
  for (const seeds of [{ a: first, 1: second }, { 0: first, 1: second }]) refused(() => new v2.Keyring(seeds), 'seeds')
  for (const x of [...PRIMITIVES, undefined, null, Buffer.from('ab'), ['ab'], [['a']], [['a', first, 'b']], new Set(['ab']), [{ 0: 'a', 1: first, length: 2 }]]) {
    refused(() => new v2.Keyring(x), 'seeds')
  }
  for (const keyId of ['', 'A', 'ab', 'é', '-', '10']) misused(() => new v2.Keyring([[keyId, first]]), RangeError, 'ERR_SANDGATE_KEY_ID', 'seeds')
  misused(() => new v2.Keyring({}), RangeError, 'ERR_INVALID_ARG_VALUE', 'seeds')
  misused(() => new v2.Keyring([...pairs, ['a', `${first}x`]]), RangeError, 'ERR_SANDGATE_REPEATED_KEY', 'seeds')
  misused(() => new v2.Keyring({ a: first, b: first }), RangeError, 'ERR_SANDGATE_REPEATED_KEY', 'seeds')
  misused(() => new v2.Keyring({ a: first, b: 'short' }), RangeError, 'ERR_SANDGATE_WEAK_SEED', 'seeds')
})

test('at most 8 values are accepted', () => {
  const eight = [...'abcdefgh']
  const seeds = eight.map((name) => [name, `${SEED} ${name}`])
  const ring = new v2.Keyring(seeds)
  const roots = seeds.map(([name, seed]) => v2.trafficRoot(name, seed))
  const [ninth, root] = [['i', `${SEED} i`], v2.trafficRoot('i', `${SEED} i`)]
  new v1.Keyring(...seeds.map(([, seed]) => seed))
  new v2.TrafficKeyring(...roots)
  new Controller(seeds.map((pair) => new v2.Keyring([pair]).accessToken(ID)))
  assert(ring.isValidAccessToken(ID, new v2.Keyring([seeds[7]]).accessToken(ID)))
  misused(() => new v1.Keyring(...seeds.map(([, seed]) => seed), SEED), RangeError, 'ERR_SANDGATE_TOO_MANY_SEEDS', 'seed')
  misused(() => new v2.Keyring([...seeds, ninth]), RangeError, 'ERR_SANDGATE_TOO_MANY_SEEDS', 'seeds')
  misused(() => new v2.TrafficKeyring(...roots, root), RangeError, 'ERR_SANDGATE_TOO_MANY_SEEDS', 'root')
  const tokens = [...seeds, ninth].map((pair) => new v2.Keyring([pair]).accessToken(ID))
  misused(() => new Controller(tokens), RangeError, 'ERR_SANDGATE_TOO_MANY_TOKENS', 'accessToken')
})
