// Argument objects accept only their own property names: a misspelt limit, generation or expiry would be ignored.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Controller, decide, Edge, explain, Policy, Route, SandgateError, v2, wake } from 'sandgate'
import { getSignatureSync } from 'sandgate/e2b'
import { guardController as fetchController, guardEdge as fetchEdge } from 'sandgate/fetch'
import { guardController as httpController, guardEdge as httpEdge } from 'sandgate/http'
import {
  CONTROLLER, EDGE, END, ID, NOW, RESTRICTED, ROUTE, TRAFFIC, TRAFFIC_RING, TRAFFIC_TOKEN, V1_KEY, V1_TOKEN, V2_KEY, V2_RING, V2_TOKEN,
} from './calls.mjs'
import { misused, outcome } from './outcome.mjs'

const BASE = 'https://a'
const GET = { method: 'GET', target: '/' }
const PASS = TRAFFIC.issuePass(8080, { expires: END })
const HOST = TRAFFIC.issueSignedHost(ID, 8080, { expires: END })
const [V1_SIGNED, V2_SIGNED] = [V1_KEY, V2_KEY].map((key) => key.sign({ path: '/a', expires: END }))
const [V1_QUERY, V2_QUERY] = [V1_KEY, V2_KEY].map((key) => key.url(BASE, { path: '/a', expires: END }).split('?')[1])

const V1_URL = { path: '/a', operation: 'read', user: null, expires: END, now: NOW }
const V2_URL = { ...V1_URL, directory: null, maxBytes: null, contentSha256: null, context: null }
const SIGN = { expiresIn: null }
const EDGE_REQUEST = { ...GET, trafficToken: TRAFFIC_TOKEN, cookies: null, context: null, now: NOW }
const STATE = { restricted: true, generation: 0, trafficToken: null }

/** Label, the name in the error, the object with all names, the call with it. */
const OBJECTS = [
  ['v1 sign', 'url', { ...V1_URL, ...SIGN }, (x) => V1_KEY.sign(x)],
  ['v1 signed', 'url', { ...V1_URL, ...SIGN }, (x) => V1_KEY.signed(x)],
  ['v1 url', 'url', { ...V1_URL, ...SIGN }, (x) => V1_KEY.url(BASE, x)],
  ['v1 verify', 'url', V1_URL, (x) => V1_KEY.verify(V1_SIGNED, x)],
  ['v1 isValid', 'url', V1_URL, (x) => V1_KEY.isValid(V1_SIGNED, x)],
  ['v1 verifyQuery', 'options', { operation: 'read', now: NOW }, (x) => V1_KEY.verifyQuery(V1_QUERY, x)],
  ['v2 sign', 'url', { ...V2_URL, ...SIGN }, (x) => V2_KEY.sign(x)],
  ['v2 signed', 'url', { ...V2_URL, ...SIGN }, (x) => V2_KEY.signed(x)],
  ['v2 url', 'url', { ...V2_URL, ...SIGN }, (x) => V2_KEY.url(BASE, x)],
  ['v2 verify', 'url', V2_URL, (x) => V2_KEY.verify(V2_SIGNED, x)],
  ['v2 isValid', 'url', V2_URL, (x) => V2_KEY.isValid(V2_SIGNED, x)],
  ['v2 verifyQuery', 'options', { operation: 'read', context: null, now: NOW }, (x) => V2_KEY.verifyQuery(V2_QUERY, x)],
  ...['accessToken', 'trafficToken'].map((name) => [`v2 ${name}`, 'options', { generation: 0 }, (x) => V2_RING[name](ID, x)]),
  ...['AccessToken', 'TrafficToken'].flatMap((name) => [
    [`v2 isValid${name}`, 'options', { generation: 0 }, (x) => V2_RING[`isValid${name}`](ID, 'x', x)],
    [`v2 verify${name}`, 'options', { generation: 0 }, (x) => V2_RING[`verify${name}`](ID, 'x', x)],
  ]),
  ['TrafficKeyring trafficToken', 'options', { generation: 0 }, (x) => TRAFFIC_RING.trafficToken(ID, x)],
  ['TrafficKeyring isValid', 'options', { generation: 0 }, (x) => TRAFFIC_RING.isValidTrafficToken(ID, 'x', x)],
  ['TrafficKeyring verify', 'options', { generation: 0 }, (x) => TRAFFIC_RING.verifyTrafficToken(ID, 'x', x)],
  ['issuePass', 'options', { expires: END, expiresIn: null, now: null, context: null }, (x) => TRAFFIC.issuePass(8080, x)],
  ['issueSignedHost', 'options', { expires: END, expiresIn: null, now: null }, (x) => TRAFFIC.issueSignedHost(ID, 8080, x)],
  ['verifyPass', 'options', { context: null, now: NOW }, (x) => TRAFFIC.verifyPass(PASS, 8080, x)],
  ['verifySignedHost', 'options', { now: NOW }, (x) => TRAFFIC.verifySignedHost(HOST, ID, 8080, x)],
  ['Route.parse', 'headers', { host: `8080-${ID}.e2b.app`, sandboxId: null, port: null }, (x) => Route.parse(x)],
  ['Controller.check', 'request', { ...GET, accessToken: V1_TOKEN, context: null, now: NOW }, (x) => CONTROLLER.check(x)],
  ['Edge.screen', 'request', EDGE_REQUEST, (x) => EDGE.screen(ROUTE, x)],
  ['Edge.check', 'request', EDGE_REQUEST, (x) => EDGE.check(ROUTE, RESTRICTED, x)],
  ['Edge.carrier', 'request', EDGE_REQUEST, (x) => EDGE.carrier(ROUTE, RESTRICTED, x)],
  ['wake.check', 'request', { ...EDGE_REQUEST, accessToken: null }, (x) => wake.check(EDGE, CONTROLLER, ROUTE, RESTRICTED, x)],
  ['state of wake.check', 'state', STATE, (x) => wake.check(EDGE, CONTROLLER, ROUTE, x, EDGE_REQUEST)],
  ['state of Edge.check', 'state', STATE, (x) => EDGE.check(ROUTE, x, EDGE_REQUEST)],
  ['state of Edge.carrier', 'state', STATE, (x) => EDGE.carrier(ROUTE, x, EDGE_REQUEST)],
  [
    'Policy',
    'options',
    { base: null, leeway: 0, maxLifetime: null, signedHostMaxLifetime: null, carriers: null, versions: null, v1ExpiryRequired: null },
    (x) => new Policy(x),
  ],
  ['Controller', 'options', { policy: null }, (x) => new Controller(V1_TOKEN, x)],
  ['Controller.waiting', 'options', { policy: null }, (x) => Controller.waiting(x)],
  ['Edge', 'options', { policy: null, v1Keyring: null, v2Keyring: null, controllerPort: null }, (x) => new Edge(x)],
  ['v2.FileUrlKey', 'options', { leeway: 0, maxLifetime: null }, (x) => new v2.FileUrlKey(V2_TOKEN, x)],
  [
    'TrafficKey',
    'options',
    { leeway: 0, maxLifetime: null, signedHostMaxLifetime: null, controllerPort: null },
    (x) => new v2.TrafficKey(TRAFFIC_TOKEN, x),
  ],
  ['decide', 'options', { secure: false, allowPublicTraffic: true, envdVersion: '0.6.4', restrictedByDefault: true }, (x) => decide(x)],
  ['explain', 'options', { operation: 'read', context: null, now: NOW }, (x) => explain(V1_QUERY, V1_TOKEN, x)],
  ...[
    [httpController, CONTROLLER],
    [fetchController, CONTROLLER],
  ].map(([guard, gate]) => [guard.name, 'options', { clock: null, context: null, onRefusal: null }, (x) => guard(gate, x)]),
  ...[httpEdge, fetchEdge].map((guard) => [guard.name, 'options', { clock: null, context: null, onRefusal: null }, (x) => guard(EDGE, () => null, x)]),
]

/** Returns the answer, or that it is refused. Neither is wrong use. */
function answers(call, x) {
  try {
    return call(x)
  } catch (error) {
    assert(error instanceof SandgateError, error.stack)
    return error.code
  }
}

const isRefused = (call, name, all) => {
  const { message } = misused(call, TypeError, 'ERR_INVALID_ARG_TYPE', name)
  const [, allowed] = message.match(/: must be an object with (.*) and nothing else$/)
  assert.deepEqual(allowed.split(', ').sort(), Object.keys(all).sort())
}

for (const [label, name, all, call] of OBJECTS) {
  test(`${label}: an unknown name is refused`, () => {
    answers(call, all)
    for (const other of ['gen', 'max_bytes', 'expires_in', 'Path', '0', '']) {
      for (const value of [undefined, null, 3]) isRefused(() => call({ ...all, [other]: value }), name, all)
      isRefused(() => call({ [other]: 3, ...all }), name, all)
      isRefused(() => call(Object.assign(Object.create(null), all, { [other]: 3 })), name, all)
      isRefused(() => call(Object.setPrototypeOf({ [other]: 3 }, all)), name, all)
    }
    isRefused(() => call({ ...all, toString: () => '' }), name, all)
    isRefused(() => call(Object.assign(Object.create({ inherited: 3 }), all)), name, all)
  })

  test(`${label}: an object without any of the names is refused`, () => {
    // Otherwise a missing property is refused by its own name.
    if (['url', 'request', 'state'].includes(name)) return misused(() => call(new Map()), TypeError, 'ERR_INVALID_ARG_TYPE')
    for (const x of [new Map(Object.entries(all)), [], new Date(), new Uint8Array(), Promise.resolve(all), Policy.V2_ALONE]) {
      isRefused(() => call(x), name, all)
    }
  })

  test(`${label}: other objects with the names are accepted`, () => {
    class Getters {
      get unrelated() {
        return 3
      }
      method() {}
    }
    for (const key of Object.keys(all)) Object.defineProperty(Getters.prototype, key, { get: () => all[key] })
    const said = JSON.stringify(answers(call, all))
    for (const x of [
      new Getters(),
      Object.create(all),
      Object.assign(Object.create(null), all),
      Object.freeze({ ...all }),
      { ...all, [Symbol('x')]: 3 },
      Object.defineProperty({ ...all }, 'hidden', { value: 3 }),
      new Proxy({ ...all }, {}),
    ]) {
      assert.equal(JSON.stringify(answers(call, x)), said)
    }
  })
}

test('a name on Object.prototype does not count', () => {
  Object.prototype.polluted = 3
  try {
    for (const [, , all, call] of OBJECTS) answers(call, { ...all })
  } finally {
    delete Object.prototype.polluted
  }
})

test('a misspelt generation does not allow a revoked one', () => {
  const request = { ...GET, trafficToken: TRAFFIC_TOKEN }
  assert.equal(outcome(() => EDGE.check(ROUTE, { restricted: true, generation: 3 }, request)), 'invalid')
  misused(() => EDGE.check(ROUTE, { restricted: true, gen: 3 }, request), TypeError, 'ERR_INVALID_ARG_TYPE', 'state')
})

test('a guard refuses a wrong result of a look-up', async () => {
  const guard = fetchEdge(EDGE, () => ({ restricted: true, gen: 3 }))
  const request = new Request(`http://8080-${ID}.e2b.app/`, { headers: { host: `8080-${ID}.e2b.app`, 'e2b-traffic-access-token': TRAFFIC_TOKEN } })
  await assert.rejects(guard(request), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' })
})

test('the SDK function ignores unknown names, as the SDK does', () => {
  const opts = { path: '/a', operation: 'read', user: undefined, envdAccessToken: V1_TOKEN }
  assert.deepEqual(getSignatureSync({ ...opts, requestTimeoutMs: 5 }), getSignatureSync(opts))
})
