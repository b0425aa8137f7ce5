// A controller that waits for its token: what it refuses, and what a guard does that holds it.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { Controller, Policy } from 'sandgate'
import * as fetchGuards from 'sandgate/fetch'
import * as httpGuards from 'sandgate/http'
import { END, NOW, V1_KEY, V1_TOKEN, V2_KEY, V2_TOKEN } from './calls.mjs'
import { message, run } from './http_request.mjs'
import { outcome, thrown } from './outcome.mjs'

const BODY = '{"code":401,"message":"envd not initialized"}'
const BASE = 'http://a'
const SIGNED = [V1_KEY, V2_KEY].map((key) => key.url(BASE, { path: '/a', expires: END }).slice(BASE.length))
const PREFLIGHT = [['Origin', 'https://a.test'], ['Access-Control-Request-Method', 'PUT']]
const hash = (token) => createHash('sha512').update(token).digest('hex')
const TOKEN = [['X-Access-Token', V1_TOKEN]]

/** Method, target, headers. */
const EXEMPT = [['GET', '/health'], ['GET', '/health?a=b'], ['POST', '/init'], ['POST', '/init?x', TOKEN], ['GET', '/health', TOKEN]]
const REFUSED = [
  ['GET', '/metrics'],
  ['GET', '/metrics', TOKEN],
  ['GET', '/metrics', [['X-Access-Token', '']]],
  ['GET', '/files?path=/a'],
  ['GET', '/files?path=/a', TOKEN],
  ['POST', '/files'],
  ...SIGNED.map((target) => ['GET', target]),
  ['GET', '/files?path=%zz'],
  ['HEAD', '/health'],
  ['POST', '/health'],
  ['GET', '/init'],
  ['PUT', '/init'],
  ['GET', '/%68ealth'],
  ['POST', '/init/'],
  ['GET', '/%zz'],
  ['GET', '/metrics', [...TOKEN, ...TOKEN]],
  ['OPTIONS', '/metrics'],
  ['OPTIONS', '/metrics', PREFLIGHT],
  ['OPTIONS', '/files', PREFLIGHT],
  ['OPTIONS', '/health', PREFLIGHT],
  ['OPTIONS', '/init', PREFLIGHT],
]

function isNotInitialized(error) {
  assert.deepEqual(
    [error.gate, error.code, error.status, error.message, error.body],
    ['route', 'ERR_SANDGATE_NOT_INITIALIZED', 401, 'envd not initialized', BODY],
  )
}

test('everything but the exempt routes is refused, with one answer', () => {
  const controller = Controller.waiting()
  for (const [method, target, headers = []] of EXEMPT) {
    assert.equal(controller.check({ method, target, accessToken: headers[0]?.[1] }).basis, 'exempt')
    assert.equal(controller.guard({ method, target, headers }).basis, 'exempt')
  }
  for (const [method, target, headers = []] of REFUSED) {
    isNotInitialized(thrown(() => controller.check({ method, target, accessToken: headers.map(([, value]) => value), now: NOW })))
    isNotInitialized(thrown(() => controller.guard({ method, target, headers, now: NOW })))
  }
  const request = { method: 'GET', target: '/metrics', headers: [] }
  isNotInitialized(thrown(() => controller.guard({ ...request, beside: { ...request, method: 'POST' } })))
})

test('the state is told, and does not change by requests', () => {
  const controller = Controller.waiting()
  outcome(() => controller.check({ method: 'GET', target: '/metrics' }))
  outcome(() => controller.initialize('{'))
  assert.deepEqual([controller.isWaiting, controller.isOpen], [true, false])
  controller.initialize('{"accessToken":"a"}')
  assert.deepEqual([controller.isWaiting, controller.isOpen], [false, false])
  for (const other of [new Controller('a'), Controller.open()]) assert.equal(other.isWaiting, false)
  for (const options of [undefined, null, {}, { policy: undefined }, { policy: null }, { policy: Policy.V2_ALONE }]) {
    assert.equal(Controller.waiting(options).isWaiting, true)
  }
})

test('the policy of a controller that waited decides', () => {
  const required = Controller.waiting({ policy: new Policy({ v1ExpiryRequired: true }) })
  required.initialize(JSON.stringify({ accessToken: V1_TOKEN }))
  const endless = V1_KEY.url(BASE, { path: '/a' }).slice(BASE.length)
  assert.equal(outcome(() => required.check({ method: 'GET', target: endless })), 'lifetime_too_long')
  assert.equal(required.check({ method: 'GET', target: SIGNED[0], now: NOW }).basis, 'signature')
  const lenient = Controller.waiting({ policy: new Policy({ leeway: 1 }) })
  lenient.initialize(JSON.stringify({ accessToken: V2_TOKEN }))
  assert.equal(lenient.check({ method: 'GET', target: SIGNED[1], now: END + 1 }).basis, 'signature')
})

const options = { clock: () => NOW }

/** Each door: a guard, and what becomes of a request: 'next', or status and body. */
const DOORS = {
  http: (controller) => {
    const { middleware } = httpGuards.guardController(controller, options)
    return async (method, target, headers) => {
      const answer = await run(middleware, message(target, { method, headers }))
      return answer === 'next' ? answer : [answer.status, method === 'HEAD' ? BODY : answer.body]
    }
  },
  fastify: (controller) => {
    const { hook } = httpGuards.guardController(controller, options)
    return async (method, target, headers) => {
      const answer = []
      const reply = { code: (status) => answer.push(status), header() {}, send: (body) => answer.push(String(body)) }
      await hook({ raw: message(target, { method, headers }) }, reply)
      return answer.length === 0 ? 'next' : answer
    }
  },
  fetch: (controller) => {
    const guard = fetchGuards.guardController(controller, options)
    return async (method, target, headers) => {
      const request = new Request(BASE + target, { method })
      const lines = new Headers(headers)
      // Names that a `Request` of a browser would drop.
      Object.defineProperty(request, 'headers', { value: lines })
      const answer = guard(request)
      return answer instanceof Response ? [answer.status, method === 'HEAD' ? BODY : await answer.text()] : 'next'
    }
  },
}

for (const [door, start] of Object.entries(DOORS)) {
  test(`${door}: a guard refuses everything but the exempt routes, preflights too`, async () => {
    const ask = start(Controller.waiting())
    for (const [method, target, headers = []] of EXEMPT) assert.equal(await ask(method, target, headers), 'next', target)
    for (const [method, target, headers = []] of REFUSED) assert.deepEqual(await ask(method, target, headers), [401, BODY], `${method} ${target}`)
  })

  test(`${door}: the guard that holds a controller decides about the next request by its new token`, async () => {
    const controller = Controller.waiting()
    const ask = start(controller)
    const token = (value) => ask('GET', '/metrics', [['X-Access-Token', value]])
    assert.deepEqual([await token('a'), await ask('OPTIONS', '/metrics', PREFLIGHT)], [[401, BODY], [401, BODY]])
    controller.initialize('{"accessToken":"a"}')
    assert.deepEqual([await token('a'), (await token('b'))[0], await ask('OPTIONS', '/metrics', PREFLIGHT)], ['next', 401, 'next'])
    controller.initialize('{"accessToken":"b"}', hash('b'))
    assert.deepEqual([(await token('a'))[0], await token('b')], [401, 'next'])
    controller.initialize('{}', hash(''))
    assert.deepEqual([await token('a'), await ask('GET', '/metrics', [])], ['next', 'next'])
  })
}

test('an upgrade is refused on every path', () => {
  const guard = fetchGuards.guardController(Controller.waiting())
  const upgrades = httpGuards.guardController(Controller.waiting())
  for (const target of ['/health', '/init', '/metrics']) {
    assert.equal(guard(new Request(BASE + target, { headers: { upgrade: 'websocket' } })).status, 401)
    let said = ''
    const socket = { on() {}, off() {}, once() {}, end: (text) => (said = text), destroy() {} }
    upgrades.upgrade(() => assert.fail(target))(message(target, { headers: [['Upgrade', 'websocket']] }), socket, Buffer.alloc(0))
    assert.match(said, /^HTTP\/1\.1 401 Unauthorized\r\n/)
    assert(said.endsWith(BODY))
  }
})

test('onRefusal is told', async () => {
  const told = []
  const onRefusal = (_, refusal) => told.push(refusal)
  const { middleware } = httpGuards.guardController(Controller.waiting(), { onRefusal })
  await run(middleware, message('/metrics', { method: 'OPTIONS', headers: PREFLIGHT }))
  fetchGuards.guardController(Controller.waiting(), { onRefusal })(new Request(`${BASE}/metrics`))
  assert.equal(told.length, 2)
  told.forEach(isNotInitialized)
})
