// The clock is JavaScript's own, looked up at each call so that fake timers work, and read only if a time is needed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explain } from 'sandgate'
import { getSignatureSync } from 'sandgate/e2b'
import { guardController as fetchGuard } from 'sandgate/fetch'
import {
  CONTROLLER, EDGE, END, ID, NOW, RESTRICTED, ROUTE, TRAFFIC, TRAFFIC_RING, TRAFFIC_TOKEN, V1_KEY, V1_RING, V1_TOKEN, V2_KEY, V2_RING,
} from './calls.mjs'
import { misused, outcome } from './outcome.mjs'

const BASE = 'https://a'
const URL_V1 = V1_KEY.url(BASE, { path: '/a', expires: END })
const URL_V2 = V2_KEY.url(BASE, { path: '/a', expires: END })
const SIGNED_V1 = { signature: V1_KEY.sign({ path: '/a', expires: END }), url: { path: '/a', expires: END } }
const SIGNED_V2 = { signature: V2_KEY.sign({ path: '/a', expires: END }), url: { path: '/a', expires: END } }
const PASS = TRAFFIC.issuePass(8080, { expires: END })
const HOST = TRAFFIC.issueSignedHost(ID, 8080, { expires: END })
const target = URL_V1.slice(BASE.length)
const get = (rest) => ({ method: 'GET', target: '/', ...rest })
const sdk = (expirationInSeconds) =>
  getSignatureSync({ path: '/a', operation: 'read', user: undefined, envdAccessToken: V1_TOKEN, expirationInSeconds })

/** Calls that refuse once the clock has passed END. */
const VERIFY = {
  'v1 verify': () => V1_KEY.verify(SIGNED_V1.signature, SIGNED_V1.url),
  'v1 isValid': () => V1_KEY.isValid(SIGNED_V1.signature, SIGNED_V1.url) || V1_KEY.verify(SIGNED_V1.signature, SIGNED_V1.url),
  'v1 verify, now null': () => V1_KEY.verify(SIGNED_V1.signature, { ...SIGNED_V1.url, now: null }),
  'v1 verifyQuery': () => V1_KEY.verifyQuery(URL_V1.split('?')[1]),
  'v2 verify': () => V2_KEY.verify(SIGNED_V2.signature, SIGNED_V2.url),
  'v2 verifyQuery': () => V2_KEY.verifyQuery(URL_V2.split('?')[1]),
  verifyPass: () => TRAFFIC.verifyPass(PASS, 8080),
  verifySignedHost: () => TRAFFIC.verifySignedHost(HOST, ID, 8080),
  'Controller.check': () => CONTROLLER.check(get({ target })),
  'Edge.check': () => EDGE.check(ROUTE, RESTRICTED, get({ trafficToken: PASS })),
}
/** Calls whose expiry is this many seconds after the clock. */
const SIGN = {
  'v1 url': () => Number(V1_KEY.url(BASE, { path: '/a', expiresIn: 60 }).match(/expiration=(\d+)/)[1]),
  'v2 url': () => Number(V2_KEY.url(BASE, { path: '/a', expiresIn: 60 }).match(/expiration=(\d+)/)[1]),
  'v1 signed': () => V1_KEY.signed({ path: '/a', expiresIn: 60 }).expires,
  'v2 signed': () => V2_KEY.signed({ path: '/a', expiresIn: 60 }).expires,
  issuePass: () => TRAFFIC.verifyPass(TRAFFIC.issuePass(8080, { expiresIn: 60 }), 8080),
  issueSignedHost: () => TRAFFIC.verifySignedHost(TRAFFIC.issueSignedHost(ID, 8080, { expiresIn: 60 }), ID, 8080),
  getSignature: () => sdk(60).expiration,
}

/** Runs with another clock; returns how often it was read. */
function at(clock, run) {
  const own = Date.now
  let reads = 0
  Date.now = () => (reads++, clock())
  try {
    run()
  } finally {
    Date.now = own
  }
  return reads
}

for (const [name, call] of Object.entries(VERIFY)) {
  test(`${name}: the replaced clock decides`, () => {
    assert.equal(at(() => END * 1000 + 999, () => assert.equal(outcome(call), 'ok')) > 0, true)
    at(() => (END + 1) * 1000, () => assert.equal(outcome(call), 'expired'))
  })
}

for (const [name, call] of Object.entries(SIGN)) {
  test(`${name}: the replaced clock decides`, () => {
    at(() => NOW * 1000 + 999, () => assert.equal(call(), END))
    at(() => -1, () => assert.equal(name.startsWith('v1') || name === 'getSignature' ? call() : 59, 59))
  })
}

test('a replaced global Date is used', () => {
  const own = globalThis.Date
  globalThis.Date = class extends own {
    static now() {
      return (END + 1) * 1000
    }
  }
  try {
    for (const call of Object.values(VERIFY)) assert.equal(outcome(call), 'expired')
    assert.equal(SIGN['v1 signed'](), END + 61)
  } finally {
    globalThis.Date = own
  }
})

test('explain and guards read the clock too', () => {
  at(() => (END + 1) * 1000, () => {
    assert.equal(explain(URL_V1.split('?')[1], V1_TOKEN).code, 'ERR_SANDGATE_EXPIRED')
    assert.equal(fetchGuard(CONTROLLER)(new Request(URL_V1)).status, 401)
  })
  at(() => END * 1000, () => {
    assert.equal(explain(URL_V1.split('?')[1], V1_TOKEN), undefined)
    assert.equal(fetchGuard(CONTROLLER)(new Request(URL_V1)).basis, 'signature')
  })
})

test('an invalid clock value is refused by name', () => {
  for (const wrong of [NaN, Infinity, -Infinity, undefined, 1e300]) {
    for (const call of [...Object.values(VERIFY), ...Object.values(SIGN), () => explain('path=/a', V1_TOKEN)]) {
      at(() => wrong, () => misused(call, RangeError, 'ERR_OUT_OF_RANGE', 'now'))
    }
  }
})

test('the clock is not read if no time is needed', () => {
  const url = { path: '/a', expires: END }
  const calls = [
    () => [V1_KEY, V2_KEY].map((key) => [key.sign(url), key.signed(url), key.url(BASE, url)]),
    () => [V1_KEY, V2_KEY].map((key) => [key.sign({ path: '/a', expiresIn: 60, now: NOW }), key.signed({ path: '/a', expiresIn: 60, now: NOW })]),
    () => [V1_KEY.sign({ path: '/a' }), V1_KEY.isValid(V1_KEY.sign({ path: '/a' }), { path: '/a' }), V1_KEY.url(BASE, { path: '/a' })],
    () => [V1_KEY, V2_KEY].map((key) => key.isValid('x', { ...url, now: NOW })),
    () => [V1_RING, V2_RING].map((ring) => ring.isValidAccessToken(ID, ring.accessToken(ID))),
    () => TRAFFIC_RING.isValidTrafficToken(ID, TRAFFIC_RING.trafficToken(ID)),
    () => [TRAFFIC.verifyPass(PASS, 8080, { now: NOW }), TRAFFIC.verifySignedHost(HOST, ID, 8080, { now: NOW })],
    () => CONTROLLER.check(get({ target, now: NOW })),
    () => EDGE.check(ROUTE, RESTRICTED, get({ trafficToken: TRAFFIC_TOKEN, now: NOW })),
    () => [EDGE.screen(ROUTE, get()), EDGE.carrier(ROUTE, RESTRICTED, get({ trafficToken: PASS }))],
    () => explain('path=/a', V1_TOKEN, { now: NOW }),
    () => sdk(undefined),
  ]
  for (const call of calls) assert.equal(at(() => NaN, call), 0, String(call))
})
