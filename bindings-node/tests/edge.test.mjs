// The edge's rule for one request, and routes.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { Edge, Policy, Route, shortenSandboxId, v2 } from 'sandgate'
import { END, ID, NOW, RESTRICTED, ROOT, ROUTE, TRAFFIC, TRAFFIC_TOKEN, V1_RING, V2_RING } from './calls.mjs'
import { misused, outcome, thrown } from './outcome.mjs'

const EDGE = new Edge({ v1Keyring: V1_RING, v2Keyring: V2_RING.traffic() })
const ALL = new Edge({ v2Keyring: V2_RING.traffic(), policy: new Policy({ carriers: ['header', 'host', 'query', 'cookie'] }) })
const PASS = TRAFFIC.issuePass(8080, { expires: END })
const CONTROLLERS = new Route(ID, 49983)

const get = (rest) => ({ method: 'GET', target: '/', ...rest })
const seen = ({ basis, carrier, expires }) => [basis, carrier, expires]

test('the basis names why a request passes', () => {
  const none = undefined
  assert.deepEqual(seen(EDGE.check(ROUTE, { restricted: false }, get())), ['public', none, none])
  assert.deepEqual(seen(EDGE.check(CONTROLLERS, RESTRICTED, get())), ['controller_port', none, none])
  for (const trafficToken of [V1_RING.trafficToken(ID), V2_RING.trafficToken(ID)]) {
    assert.deepEqual(seen(EDGE.check(ROUTE, RESTRICTED, get({ trafficToken }))), ['token', 'header', none])
  }
  const passed = EDGE.check(ROUTE, RESTRICTED, get({ trafficToken: PASS, now: NOW }))
  assert.deepEqual(seen(passed), ['pass', 'header', END])
  assert(Object.isFrozen(passed))
})

test('only accepted carriers are read', () => {
  const check = (rest) => seen(ALL.check(ROUTE, RESTRICTED, get({ now: NOW, ...rest })))
  const cookie = `__Host-sandgate-traffic=${PASS}`
  assert.deepEqual(check({ target: `/?a=1&sandgate_traffic=${PASS}` }), ['pass', 'query', END])
  assert.deepEqual(check({ cookies: `a=1; ${cookie}` }), ['pass', 'cookie', END])
  assert.deepEqual(check({ cookies: ['a=1', Buffer.from(cookie)] }), ['pass', 'cookie', END])
  const host = `${TRAFFIC.issueSignedHost(ID, 8080, { expires: END })}.e2b.app`
  assert.deepEqual(seen(ALL.check(Route.parse({ host }), RESTRICTED, get({ now: NOW }))), ['signed_host', 'host', END])
  const inQuery = get({ target: `/?sandgate_traffic=${PASS}`, now: NOW })
  assert.equal(outcome(() => EDGE.check(ROUTE, RESTRICTED, inQuery)), 'missing')
})

test('only the current generation passes', () => {
  const state = { restricted: true, generation: 1 }
  const check = (trafficToken) => EDGE.check(ROUTE, state, get({ trafficToken }))
  assert.equal(outcome(() => check(V2_RING.trafficToken(ID))), 'invalid')
  assert.equal(check(V2_RING.trafficToken(ID, { generation: 1 })).basis, 'token')
})

test('an edge without keyrings uses the stored token', () => {
  const check = (trafficToken) =>
    new Edge().check(ROUTE, { restricted: true, trafficToken: TRAFFIC_TOKEN }, get({ trafficToken, now: NOW }))
  assert.equal(check(PASS).basis, 'pass')
  assert.equal(outcome(() => check(V2_RING.trafficToken('other'))), 'invalid')
})

test('a pass opens only its port', () => {
  const check = () => EDGE.check(new Route(ID, 8081), RESTRICTED, get({ trafficToken: PASS, now: NOW }))
  assert.equal(outcome(check), 'out_of_scope')
  assert.equal(outcome(() => TRAFFIC.verifyPass(PASS, 8081, { now: NOW })), 'out_of_scope')
})

test('a repeated header is malformed', () => {
  const check = () => EDGE.check(ROUTE, RESTRICTED, get({ trafficToken: [PASS, PASS], now: NOW }))
  assert.equal(outcome(check), 'malformed')
})

test('the port of the controllers is configurable', () => {
  assert.equal(new Edge({ controllerPort: 8080 }).check(ROUTE, RESTRICTED, get()).basis, 'controller_port')
  for (const [key, port] of [
    [new v2.TrafficKey(TRAFFIC_TOKEN, { controllerPort: 8080 }), 8080],
    [TRAFFIC, 49983],
  ]) {
    misused(() => key.issuePass(port, { expires: END }), RangeError, 'ERR_SANDGATE_CONTROLLER_PORT', 'port')
    misused(() => key.issueSignedHost(ID, port, { expires: END }), RangeError, 'ERR_SANDGATE_CONTROLLER_PORT', 'port')
  }
})

test('a signed host that does not fit is refused', () => {
  const issue = (id, expires) => () => TRAFFIC.issueSignedHost(id, 8080, { expires })
  for (const [id, expires] of [
    ['Upper', END],
    ['a_b', END],
    ['a'.repeat(40), END],
    ['abc', 36 ** 7],
  ]) {
    misused(issue(id, expires), RangeError, 'ERR_SANDGATE_SIGNED_HOST')
  }
  assert.equal(issue('abc', 36 ** 7 - 1)().length, '8080-abc-'.length + 34)
})

test('a key enforces its leeway and lifetimes', () => {
  const verify = (options, now) => () => new v2.TrafficKey(TRAFFIC_TOKEN, options).verifyPass(PASS, 8080, { now })
  assert.equal(outcome(verify({}, END + 1)), 'expired')
  assert.equal(outcome(verify({ leeway: 1 }, END + 1)), 'ok')
  assert.equal(outcome(verify({ maxLifetime: 59 }, NOW)), 'lifetime_too_long')
  const host = TRAFFIC.issueSignedHost(ID, 8080, { expires: END })
  const strict = new v2.TrafficKey(TRAFFIC_TOKEN, { signedHostMaxLifetime: 59 })
  assert.equal(outcome(() => strict.verifySignedHost(host, ID, 8080, { now: NOW })), 'lifetime_too_long')
})

test('internal routes are hidden before the sandbox is looked up', () => {
  const init = { method: 'POST', target: '/init' }
  const denied = thrown(() => EDGE.screen(CONTROLLERS, init))
  assert.deepEqual([denied.status, denied.code], [404, 'ERR_SANDGATE_OUT_OF_SCOPE'])
  assert.equal(EDGE.screen(ROUTE, init), undefined)
  assert.equal(EDGE.screen(CONTROLLERS, { method: 'GET', target: '/files' }), undefined)
})

test('an edge of roots opens no controller', () => {
  const ring = new v2.TrafficKeyring(ROOT)
  assert(!('accessToken' in ring))
  assert.equal(ring.trafficToken(ID), V2_RING.trafficToken(ID))
})

test('a malformed root is refused', () => {
  misused(() => new v2.TrafficKeyring(''), RangeError, 'ERR_SANDGATE_TOKEN', 'root')
  for (const root of ['sg2r.a.', `${ROOT}A`]) misused(() => new v2.TrafficKeyring(root), RangeError, 'ERR_SANDGATE_TOKEN_SHAPE', 'root')
  misused(() => new v2.TrafficKeyring(TRAFFIC_TOKEN), RangeError, 'ERR_SANDGATE_TRAFFIC_TOKEN_GIVEN', 'root')
  misused(() => new v2.TrafficKeyring(ROOT, ROOT), RangeError, 'ERR_SANDGATE_REPEATED_KEY', 'root')
})

test('a route is parsed from the host or the routing headers', () => {
  const parsed = Route.parse({ host: `8080-${ID}-anything.e2b.app` })
  assert.deepEqual(parsed, ROUTE)
  assert.equal(`${ROUTE}`, `8080-${ID}`)
  assert(Object.isFrozen(ROUTE))
  assert.deepEqual(Route.parse({ host: 'localhost', sandboxId: ID, port: '8080' }), ROUTE)
  for (const host of [undefined, null, []]) assert.equal(outcome(() => Route.parse({ host, sandboxId: ID, port: '8080' })), 'missing')
  assert.equal(outcome(() => Route.parse({ host: [`8080-${ID}.e2b.app`, `8080-${ID}.e2b.app`] })), 'malformed')
  misused(() => new Route('sandbox-traffic-x', 1), RangeError, 'ERR_SANDGATE_SANDBOX_ID', 'sandboxId')
  for (const port of [0, 65536, -1]) misused(() => new Route(ID, port), RangeError, 'ERR_SANDGATE_PORT', 'port')
})

test('a long id is shortened to the part before the first dash', () => {
  for (const [long, short] of [[`${ID}-2f7b3ac1`, ID], [ID, ID], ['a-', 'a'], ['0-1-2', '0'], [`${'a'.repeat(63)}-B_`, 'a'.repeat(63)], ['sandbox-traffic-x', 'sandbox']]) {
    assert.equal(shortenSandboxId(long), short)
    assert.equal(shortenSandboxId(Buffer.from(long)), short)
  }
  assert.notEqual(V2_RING.accessToken(`${ID}-2f7b3ac1`), V2_RING.accessToken(shortenSandboxId(`${ID}-2f7b3ac1`)))
  for (const wrong of ['', '-', '-a', 'A-b', 'a_b-c', 'é-a', 'a b', `${'a'.repeat(64)}-b`, 'a'.repeat(64), 'a\0-b', '\n']) {
    const { message } = misused(() => shortenSandboxId(wrong), RangeError, 'ERR_SANDGATE_LONG_SANDBOX_ID', 'sandboxId')
    assert.equal(message, 'sandboxId: the part of a long sandbox id before the first - must be 1 to 63 characters of [a-z0-9]')
  }
})

test('carrier names where the credential is', () => {
  const carrier = (rest) => ALL.carrier(ROUTE, RESTRICTED, get(rest))
  assert.equal(carrier(), undefined)
  assert.equal(carrier({ trafficToken: 'wrong' }), 'header')
  assert.equal(carrier({ target: '/?sandgate_traffic=wrong' }), 'query')
  assert.equal(carrier({ cookies: ['a=1', '__Host-sandgate-traffic=sg2p.x'] }), 'cookie')
  assert.equal(ALL.carrier(ROUTE, { restricted: false }, get({ trafficToken: 'wrong' })), undefined)
  assert.throws(() => ALL.carrier(ROUTE, {}, get()), { message: 'state.restricted: must be a boolean' })
})

test('a traffic key has its key id', () => {
  assert.equal(TRAFFIC.kid, 'a')
})
