// Who may wake a paused sandbox.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Controller, Edge, Policy, Route, wake } from 'sandgate'
import { END, ID, NOW, RESTRICTED, ROUTE, TRAFFIC, V1_KEY, V1_RING, V1_TOKEN, V2_KEY, V2_RING, V2_TOKEN } from './calls.mjs'
import { misused, outcome, thrown } from './outcome.mjs'

const EDGE = new Edge({
  v1Keyring: V1_RING,
  v2Keyring: V2_RING.traffic(),
  policy: new Policy({ carriers: ['header', 'host', 'query', 'cookie'] }),
})
const PUBLIC = { restricted: false }
const CONTROLLERS = new Route(ID, 49983)
const [V1, V2, OPEN, WAITING] = [new Controller(V1_TOKEN), new Controller(V2_TOKEN), Controller.open(), Controller.waiting()]
const PASS = TRAFFIC.issuePass(8080, { expires: END })
const HOST = Route.parse({ host: `${TRAFFIC.issueSignedHost(ID, 8080, { expires: END })}.e2b.app` })
const BASE = 'https://a'
const target = (key, url) => key.url(BASE, { path: '/a', expires: END, ...url }).slice(BASE.length)

const get = (rest) => ({ method: 'GET', target: '/', now: NOW, ...rest })
const wakes = (controller, route, state, rest) => outcome(() => wake.check(EDGE, controller, route, state, get(rest)))

test('a public port wakes for anyone', () => {
  for (const controller of [V1, V2, OPEN, WAITING]) {
    assert.equal(wakes(controller, ROUTE, PUBLIC), 'ok')
    assert.equal(wakes(controller, ROUTE, PUBLIC, { trafficToken: 'wrong', accessToken: 'wrong' }), 'ok')
  }
})

test('a restricted port wakes for whatever opens it', () => {
  for (const controller of [V1, V2, OPEN, WAITING]) {
    for (const trafficToken of [V1_RING.trafficToken(ID), V2_RING.trafficToken(ID), PASS]) {
      assert.equal(wakes(controller, ROUTE, RESTRICTED, { trafficToken }), 'ok')
    }
    assert.equal(wakes(controller, ROUTE, RESTRICTED, { target: `/?sandgate_traffic=${PASS}` }), 'ok')
    assert.equal(wakes(controller, ROUTE, RESTRICTED, { cookies: ['a=1', `__Host-sandgate-traffic=${PASS}`] }), 'ok')
    assert.equal(wakes(controller, HOST, RESTRICTED), 'ok')
    for (const [rest, code] of [
      [{}, 'missing'],
      [{ accessToken: V1_TOKEN }, 'missing'],
      [{ trafficToken: 'wrong' }, 'invalid'],
      [{ trafficToken: V1_TOKEN }, 'invalid'],
      [{ trafficToken: PASS, now: END + 1 }, 'expired'],
      [{ trafficToken: [PASS, PASS] }, 'malformed'],
      [{ trafficToken: TRAFFIC.issuePass(8081, { expires: END }) }, 'out_of_scope'],
    ]) {
      assert.equal(wakes(controller, ROUTE, RESTRICTED, rest), code)
    }
  }
})

test('the current generation and the stored token count', () => {
  const state = { restricted: true, generation: 1 }
  assert.equal(wakes(V2, ROUTE, state, { trafficToken: V2_RING.trafficToken(ID) }), 'invalid')
  assert.equal(wakes(V2, ROUTE, state, { trafficToken: V2_RING.trafficToken(ID, { generation: 1 }) }), 'ok')
  const stored = { restricted: true, trafficToken: V2_RING.trafficToken(ID) }
  wake.check(new Edge(), V2, ROUTE, stored, get({ trafficToken: PASS }))
  assert.equal(thrown(() => wake.check(new Edge(), V2, ROUTE, stored, get())).status, 403)
})

for (const [format, controller, token, key, other] of [['v1', V1, V1_TOKEN, V1_KEY, V2_KEY], ['v2', V2, V2_TOKEN, V2_KEY, V1_KEY]]) {
  test(`${format}: the controller's port of a secure sandbox wakes for the access token, or a signature on its route`, () => {
    for (const state of [PUBLIC, RESTRICTED]) {
      const asks = (rest) => wakes(controller, CONTROLLERS, state, rest)
      for (const where of ['/', '/health', '/metrics', '/files?path=/a']) assert.equal(asks({ target: where, accessToken: token }), 'ok')
      assert.equal(asks({ target: target(key) }), 'ok')
      assert.equal(asks({ target: target(key, { operation: 'write' }), method: 'POST' }), 'ok')
      for (const [rest, code] of [
        [{}, 'missing'],
        [{ target: '/health' }, 'missing'],
        [{ target: '/health', accessToken: '' }, 'missing'],
        [{ target: '/health', accessToken: 'wrong' }, 'invalid'],
        [{ target: '/health', accessToken: [token, token] }, 'malformed'],
        [{ target: target(key).replace('/files', '/health') }, 'missing'],
        [{ target: target(key), method: 'POST' }, 'invalid'],
        [{ target: target(key), accessToken: 'wrong' }, 'invalid'],
        [{ target: target(key), now: END + 1 }, 'expired'],
        [{ target: target(key).replace('%2Fa', '%2Fb') }, 'invalid'],
        [{ target: '/files?path=/a' }, 'missing'],
        [{ target: '/metrics', trafficToken: V2_RING.trafficToken(ID) }, 'missing'],
      ]) {
        assert.equal(asks(rest), code, JSON.stringify(rest))
      }
      assert.notEqual(asks({ target: target(other) }), 'ok')
    }
  })
}

test('the controller\'s port of a sandbox that is not secure wakes for anyone, and that of one that waits for nobody', () => {
  for (const where of ['/', '/health', '/files?path=/a', target(V1_KEY)]) {
    assert.equal(wakes(OPEN, CONTROLLERS, RESTRICTED, { target: where }), 'ok')
    for (const accessToken of [undefined, '', V1_TOKEN]) {
      assert.equal(wakes(WAITING, CONTROLLERS, PUBLIC, { target: where, accessToken }), 'not_initialized')
    }
  }
})

test('a controller that gets its token wakes for it', () => {
  const controller = Controller.waiting()
  controller.initialize(JSON.stringify({ accessToken: V1_TOKEN }))
  assert.equal(wakes(controller, CONTROLLERS, PUBLIC, { accessToken: V1_TOKEN }), 'ok')
  assert.equal(wakes(controller, CONTROLLERS, PUBLIC), 'missing')
})

test('a refusal is 403, with one message and the body of the edge', () => {
  const message = "This sandbox can't be resumed with the credentials provided. Check your access token and try again."
  for (const [route, rest] of [[ROUTE, {}], [ROUTE, { trafficToken: 'wrong' }], [CONTROLLERS, {}], [CONTROLLERS, { accessToken: ['a', 'b'] }]]) {
    const denied = thrown(() => wake.check(EDGE, V1, route, RESTRICTED, get(rest)))
    assert.deepEqual([denied.name, denied.gate, denied.status, denied.message], ['SandgateError', 'wake', 403, message])
    assert.deepEqual(JSON.parse(denied.edgeBody(ID, '/')), { sandboxId: ID, message, code: 403 })
  }
})

test('what an edge never forwards does not wake', () => {
  for (const controller of [V1, OPEN]) {
    for (const [method, where, status] of [['POST', '/init', 404], ['POST', '/a/../init', 404], ['GET', '//a', 400], ['GET', '/a\\b', 400]]) {
      const denied = thrown(() => wake.check(EDGE, controller, CONTROLLERS, PUBLIC, get({ method, target: where, accessToken: V1_TOKEN })))
      assert.deepEqual([denied.gate, denied.status], ['internal_route', status], where)
    }
  }
})

test('another port of the controllers', () => {
  const edge = new Edge({ controllerPort: 8080 })
  assert.equal(outcome(() => wake.check(edge, V1, ROUTE, PUBLIC, get())), 'missing')
  wake.check(edge, V1, CONTROLLERS, PUBLIC, get())
})

test('the context must be the same', () => {
  const where = target(V2_KEY, { context: '203.0.113.7' })
  assert.equal(wakes(V2, CONTROLLERS, PUBLIC, { target: where, context: '203.0.113.7' }), 'ok')
  assert.equal(wakes(V2, CONTROLLERS, PUBLIC, { target: where }), 'invalid')
})

test('nothing is returned, and the clock is read if no time is given', () => {
  assert.equal(wake.check(EDGE, V1, CONTROLLERS, PUBLIC, { method: 'GET', target: '/', accessToken: V1_TOKEN }), undefined)
  const ended = target(V1_KEY, { expires: 1 })
  assert.equal(outcome(() => wake.check(EDGE, V1, CONTROLLERS, PUBLIC, { method: 'GET', target: ended })), 'expired')
})

test('the arguments are refused by name', () => {
  const refused = (name, ...given) => misused(() => wake.check(...given), TypeError, 'ERR_INVALID_ARG_TYPE', name)
  for (const wrong of [undefined, null, 5, 'x', {}, Edge, V1, Object.create(EDGE)]) refused('edge', wrong, V1, ROUTE, PUBLIC, get())
  for (const wrong of [undefined, null, 5, V1_TOKEN, {}, Controller, EDGE, ROUTE, Policy.V2_ALONE, Object.create(V1)]) {
    refused('controller', EDGE, wrong, ROUTE, PUBLIC, get())
  }
  for (const wrong of [undefined, null, 5, {}, V1, { sandboxId: ID, port: 8080 }]) refused('route', EDGE, V1, wrong, PUBLIC, get())
  for (const wrong of [undefined, null, 5, { restricted: false, gen: 3 }]) refused('state', EDGE, V1, ROUTE, wrong, get())
  for (const wrong of [undefined, null, 5, get({ headers: [] })]) refused('request', EDGE, V1, ROUTE, PUBLIC, wrong)
  for (const wrong of [5, {}, [5]]) refused('accessToken', EDGE, V1, CONTROLLERS, PUBLIC, get({ accessToken: wrong }))
})

test('a disposed edge or controller does not decide', () => {
  for (const which of [0, 1]) {
    const pair = [new Edge(), new Controller(V1_TOKEN)]
    pair[which].dispose()
    // Even where the answer would not depend on it.
    assert.throws(() => wake.check(...pair, ROUTE, PUBLIC, get()), { code: 'ERR_SANDGATE_DISPOSED' })
  }
})
