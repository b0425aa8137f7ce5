// An object that is disposed has no secret left, and says so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Controller, Edge, Policy, Route, v1, v2, wake, webhook } from 'sandgate'
import { ID, SEED, TRAFFIC_TOKEN, V1_TOKEN, V2_TOKEN } from './calls.mjs'

const DISPOSED = { name: 'Error', code: 'ERR_SANDGATE_DISPOSED', message: 'this object was disposed: its secrets are wiped' }
const GET = { method: 'GET', target: '/', now: 1 }
const ROUTE = new Route(ID, 8080)
const ends = { expires: 60, now: 1 }
const SIGNED = { 'e2b-signature': webhook.sign(SEED, new Uint8Array(1)) }
const ring = (Ring, ...seeds) => [
  () => new Ring(...seeds),
  {
    accessToken: (made) => made.accessToken(ID),
    trafficToken: (made) => made.trafficToken(ID),
    verifyAccessToken: (made) => made.verifyAccessToken(ID, 'x'),
    verifyTrafficToken: (made) => made.verifyTrafficToken(ID, 'x'),
    isValidAccessToken: (made) => made.isValidAccessToken(ID, 'x'),
    isValidTrafficToken: (made) => made.isValidTrafficToken(ID, 'x'),
    ...(Ring === v2.Keyring && { traffic: (made) => made.traffic() }),
  },
]
const fileUrlKey = (Key, token) => [
  () => new Key(token),
  {
    sign: (made) => made.sign({ path: '/a', ...ends }),
    signed: (made) => made.signed({ path: '/a', ...ends }),
    url: (made) => made.url('https://a', { path: '/a', ...ends }),
    verify: (made) => made.verify('x', { path: '/a', ...ends }),
    isValid: (made) => made.isValid('x', { path: '/a', ...ends }),
    verifyQuery: (made) => made.verifyQuery('path=/a', { now: 1 }),
  },
]

/** By class: how one is made, and a right call of each method. */
const CLASSES = {
  'v1.Keyring': ring(v1.Keyring, SEED),
  'v2.Keyring': ring(v2.Keyring, { a: SEED }),
  'v1.FileUrlKey': fileUrlKey(v1.FileUrlKey, V1_TOKEN),
  'v2.FileUrlKey': fileUrlKey(v2.FileUrlKey, V2_TOKEN),
  'v2.TrafficKeyring': [
    () => new v2.Keyring({ a: SEED }).traffic(),
    {
      trafficToken: (made) => made.trafficToken(ID),
      verifyTrafficToken: (made) => made.verifyTrafficToken(ID, 'x'),
      isValidTrafficToken: (made) => made.isValidTrafficToken(ID, 'x'),
    },
  ],
  'v2.TrafficKey': [
    () => new v2.TrafficKey(TRAFFIC_TOKEN),
    {
      issuePass: (made) => made.issuePass(8080, ends),
      issueSignedHost: (made) => made.issueSignedHost(ID, 8080, ends),
      verifyPass: (made) => made.verifyPass('x', 8080, { now: 1 }),
      verifySignedHost: (made) => made.verifySignedHost('x', ID, 8080, { now: 1 }),
    },
  ],
  Controller: [
    () => new Controller(V1_TOKEN),
    {
      check: (made) => made.check(GET),
      guard: (made) => made.guard({ method: 'GET', target: '/', headers: [] }),
      initialize: (made) => made.initialize(JSON.stringify({ accessToken: V1_TOKEN })),
      'wake.check': (made) => wake.check(new Edge(), made, ROUTE, { restricted: false }, GET),
    },
  ],
  'webhook.Verifier': [
    () => new webhook.Verifier(SEED),
    {
      verify: (made) => made.verify(SIGNED, new Uint8Array(1)),
      isValid: (made) => made.isValid(SIGNED, new Uint8Array(1)),
      start: (made) => made.start(SIGNED),
    },
  ],
  'webhook.Verification': [
    () => new webhook.Verifier(SEED).start(SIGNED),
    { update: (made) => made.update(new Uint8Array(1)), finish: (made) => made.finish() },
  ],
  Edge: [
    () => new Edge({ v1Keyring: new v1.Keyring(SEED) }),
    {
      check: (made) => made.check(ROUTE, { restricted: true }, GET), carrier: (made) => made.carrier(ROUTE, { restricted: true }, GET),
      guard: (made) => made.guard(ROUTE, { restricted: true }, { method: 'GET', target: '/', headers: [] }),
      'wake.check': (made) => wake.check(made, new Controller(V1_TOKEN), ROUTE, { restricted: true }, GET),
    },
  ],
}
/** These use no secret. */
const SECRETLESS = ['route', 'screen']
const dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose')

for (const [name, [make, methods]] of Object.entries(CLASSES)) {
  for (const how of ['dispose', dispose]) {
    test(`${name} throws after ${String(how)}`, () => {
      const made = make()
      assert.equal(made[how](), undefined)
      for (const [method, call] of Object.entries(methods)) assert.throws(() => call(made), DISPOSED, method)
      assert.equal(made[how](), undefined, 'a second time does nothing')
      // Others of its class go on.
      for (const [method, call] of Object.entries(methods)) {
        try {
          call(make())
        } catch (error) {
          assert.notEqual(error.code, DISPOSED.code, method)
          assert.notEqual(error.code, 'ERR_INVALID_ARG_TYPE', `${method}: ${error.message}`)
        }
      }
    })
  }

  test(`${name}: every method was called`, () => {
    const all = Object.getOwnPropertyNames(Object.getPrototypeOf(make()))
    assert.deepEqual(all.filter((method) => !['constructor', 'dispose', 'isOpen', 'isWaiting', 'kid', ...SECRETLESS].includes(method) && !(method in methods)), [])
  })
}

test('an Edge keeps working after the keyring that it was made from is disposed', () => {
  const v1Keyring = new v1.Keyring(SEED)
  const keyring = new v2.Keyring({ a: SEED })
  const v2Keyring = keyring.traffic()
  const edge = new Edge({ v1Keyring, v2Keyring, policy: new Policy({ versions: ['v1', 'v2'] }) })
  const tokens = [v1Keyring.trafficToken(ID), keyring.trafficToken(ID)]
  for (const one of [v1Keyring, v2Keyring, keyring]) one.dispose()
  for (const trafficToken of tokens) assert.equal(edge.check(ROUTE, { restricted: true }, { ...GET, trafficToken }).carrier, 'header')
})

test('a disposed keyring makes no Edge', () => {
  const v1Keyring = new v1.Keyring(SEED)
  const v2Keyring = new v2.Keyring({ a: SEED }).traffic()
  for (const one of [v1Keyring, v2Keyring]) one.dispose()
  assert.throws(() => new Edge({ v1Keyring }), DISPOSED)
  assert.throws(() => new Edge({ v2Keyring }), DISPOSED)
})

function parses(code) {
  try {
    return new Function('make', code)
  } catch {
    return undefined
  }
}

const using = parses('let kept; { using made = make(); kept = made } return kept')

test('`using` disposes', { skip: using === undefined || Symbol.dispose === undefined }, () => {
  for (const [make, methods] of Object.values(CLASSES)) {
    const made = using(make)
    for (const call of Object.values(methods)) assert.throws(() => call(made), DISPOSED)
  }
})
