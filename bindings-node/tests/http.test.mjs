// The guards of `sandgate/http` without a framework: targets, errors, removed and unchanged values.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Controller, Edge, v2 } from 'sandgate'
import { guardController, guardEdge } from 'sandgate/http'
import { END, ID, ROUTE, TRAFFIC, V1_TOKEN, V2_KEY, V2_RING, V2_TOKEN } from './calls.mjs'
import { message, run } from './http_request.mjs'

const HOST = ['Host', `8080-${ID}.sandbox.test`]
const CONTROLLERS_HOST = ['Host', `49983-${ID}.sandbox.test`]
const controller = new Controller(V1_TOKEN)
const edge = new Edge({ v2Keyring: V2_RING.traffic() })
const guardOf = (state, options) => guardEdge(edge, () => state, options)

// The target on the wire as Express keeps it, the mount path, and the target that the app uses.
for (const [originalUrl, baseUrl, url, expected] of [
  [undefined, undefined, '/health', 'next'],
  ['/health', '', '/health', 'next'],
  ['/a/health', '/a', '/health', 'next'],
  ['/a/health?x', '/a', '/health?x', 'next'],
  ['/%61/health', '/%61', '/health', 'next'],
  ['/a/b/health', '/a/b', '/health', 'next'],
  // One of the two is rewritten: the received request and the one that the app sees differ.
  ['/metrics', '', '/health', 400],
  ['/health', '', '/metrics', 400],
  ['//health', '', '/health', 400],
  ['/ab/health', '/a', '/health', 400],
  ['/b/health', '/a', '/health', 400],
  ['/a/metrics', '/a', '/health', 400],
  ['/health', '/a', '/health', 'next'],
  ['/a?x', '/a', '/?x', 401],
  ['/a', '/a', '/', 401],
  ['/health#x', '', '/health#x', 401],
  ['http://a/health', '', 'http://a/health', 401],
]) {
  test(`the target ${originalUrl} below ${baseUrl} is ${url} to the app`, async () => {
    const answer = await run(guardController(controller).middleware, message(url, { originalUrl, baseUrl }))
    assert.equal(answer.status ?? answer, expected)
    const token = [['x-access-token', V1_TOKEN]]
    const withToken = await run(guardController(controller).middleware, message(url, { originalUrl, baseUrl, headers: token }))
    assert.equal(withToken.status ?? withToken, expected === 400 ? 400 : 'next')
  })
}

test('the edge screens the paths of wire and app', async () => {
  for (const [originalUrl, url, expected] of [
    ['/init', '/init', 404],
    ['/init', '/other', 400],
    ['/other', '/init', 400],
    ['/other', '/other', 'next'],
    ['/a/init', '/init', 400],
    ['http://a/', '/', 400],
    ['/', 'http://a/', 400],
  ]) {
    const answer = await run(guardOf({ restricted: true }).middleware, message(url, { originalUrl, headers: [CONTROLLERS_HOST] }))
    assert.equal(answer.status ?? answer, expected, `${originalUrl} ${url}`)
  }
})

// Express treats everything that a pattern matches as the mount path; an app after the guard forwards the complete target.
for (const [originalUrl, baseUrl, url, expected] of [
  ['/init', '/init', '/', 404],
  ['/init?x', '/init', '/?x', 404],
  ['/a/../init', '/a/../init', '/', 404],
  ['/a/%69nit', '/a', '/%69nit', 404],
  ['/init/../a/../init', '/init/../a', '/../init', 404],
  ['/a//b', '/a', '//b', 400],
  ['/a/b', '/a', '/b', 'next'],
]) {
  test(`the edge screens ${originalUrl} below ${baseUrl}`, async () => {
    const request = message(url, { originalUrl, baseUrl, headers: [CONTROLLERS_HOST] })
    const answer = await run(guardOf({ restricted: true }).middleware, request)
    assert.equal(answer.status ?? answer, expected)
    if (expected === 404) assert.deepEqual(JSON.parse(answer.body), { message: 'not found', path: '/init', code: 404 })
  })
}

test('clock and context are called', async () => {
  const target = V2_KEY.url('https://a', { path: '/a', expires: END, context: '1.2.3.4' }).slice('https://a'.length)
  for (const [now, client, expected] of [[END, '1.2.3.4', 'next'], [new Date(END * 1000 + 999), '1.2.3.4', 'next'], [END + 1, '1.2.3.4', 401], [END, '4.3.2.1', 401]]) {
    const guard = guardController(new Controller(V2_TOKEN), { clock: () => now, context: (req) => req.client })
    const answer = await run(guard.middleware, message(target, { client }))
    assert.equal(answer.status ?? answer, expected)
  }
  const pass = TRAFFIC.issuePass(8080, { expires: END, context: 'c' })
  for (const [now, context, expected] of [[END, 'c', 'next'], [END + 1, 'c', 403], [END, 'd', 403], [END, null, 403]]) {
    const request = message('/', { headers: [HOST, ['e2b-traffic-access-token', pass]] })
    const answer = await run(guardOf({ restricted: true }, { clock: () => now, context: () => context }).middleware, request)
    assert.equal(answer.status ?? answer, expected)
    if (expected === 'next') assert.deepEqual([String(request.sandgateRoute), request.sandgatePassed.expires], [String(ROUTE), END])
  }
})

const thrower = (thrown) => () => {
  throw thrown
}
// Values that frameworks read as "no error", or as an instruction to continue.
const THROWN = [new Error('down'), undefined, null, '', 0, false, 'route', 'router', { status: 200 }]
const HEADERS = { headers: [HOST, ['e2b-traffic-access-token', V2_RING.trafficToken(ID)], ['x-access-token', V1_TOKEN]] }

for (const thrown of THROWN) {
  test(`no request is allowed after an error: ${JSON.stringify(thrown) ?? thrown}`, async () => {
    const state = { restricted: true }
    const guards = [
      guardEdge(edge, thrower(thrown)),
      guardEdge(edge, () => Promise.reject(thrown)),
      guardOf(state, { clock: thrower(thrown) }),
      guardOf(state, { context: thrower(thrown) }),
      guardController(controller, { clock: thrower(thrown) }),
      guardController(controller, { context: thrower(thrown) }),
    ]
    for (const guard of guards) {
      const { error } = await run(guard.middleware, message('/', HEADERS))
      assert(error instanceof Error)
      assert.equal(thrown instanceof Error ? error : error.cause, thrown)
      await assert.rejects(guard.hook({ raw: message('/', HEADERS) }, {}), (failed) => failed instanceof Error)
      const told = []
      const answer = await run((req, res) => guard.listener(assert.fail, (failed) => told.push(failed))(req, res), message('/', HEADERS))
      assert.deepEqual([answer.status, answer.body], [500, undefined])
      await new Promise(setImmediate)
      assert(told[0] instanceof Error && told.length === 1)
    }
  })
}

test('a wrong value from a function allows nothing', async () => {
  for (const guard of [
    guardController(controller, { clock: async () => END }),
    guardController(controller, { clock: () => '5' }),
    guardController(controller, { context: async () => 'c' }),
    guardOf(true),
    guardOf({}),
    guardOf({ restricted: 'no' }),
    guardOf({ restricted: false, generation: -1 }),
  ]) {
    const { error } = await run(guard.middleware, message('/', HEADERS))
    assert(error instanceof TypeError || error instanceof RangeError, String(error))
  }
})

test('guards refuse wrong arguments', () => {
  for (const make of [
    () => guardController(V1_TOKEN),
    () => guardController({ check: () => ({}) }),
    () => guardController(controller, { clok: () => END }),
    () => guardController(controller, { clock: END }),
    () => guardController(controller, () => END),
    () => guardEdge(controller, () => null),
    () => guardEdge(edge),
    () => guardEdge(edge, new Map()),
    () => guardEdge(edge, () => null, { context: 'c' }),
  ]) {
    assert.throws(make, { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' })
  }
})

test('the edge removes credentials from every view and nothing else', async () => {
  const headers = [['HOST', HOST[1]], ['Cookie', '__Host-sandgate-traffic=x'], ['E2B-Traffic-Access-Token', 'x'], ['A', 'b'], ['a', 'c'], ['B', '\xe9']]
  for (const early of [false, true]) {
    const request = message('/%70?sandgate_traffic=x&a', { headers, originalUrl: '/m/%70?sandgate_traffic=x&a', baseUrl: '/m', query: { sandgate_traffic: 'x', a: '' } })
    // Other code may have read them before.
    if (early) void [request.headers, request.headersDistinct]
    assert.equal(await run(guardOf({ restricted: false }).middleware, request), 'next')
    assert.deepEqual(request.rawHeaders, ['HOST', HOST[1], 'A', 'b', 'a', 'c', 'B', '\xe9'])
    assert.deepEqual({ ...request.headers }, { host: HOST[1], a: 'b, c', b: '\xe9' })
    assert.deepEqual({ ...request.headersDistinct }, { host: [HOST[1]], a: ['b', 'c'], b: ['\xe9'] })
    assert.deepEqual([request.url, request.originalUrl, request.query], ['/%70?a', '/m/%70?a', { a: '' }])
  }
})

test('a token is compared as bytes', async () => {
  const guard = guardController(new Controller('tökén'))
  const sent = Buffer.from('tökén').toString('latin1')
  assert.equal(await run(guard.middleware, message('/', { headers: [['X-Access-Token', sent]] })), 'next')
  assert.equal((await run(guard.middleware, message('/', { headers: [['X-Access-Token', 'tökén']] }))).status, 401)
})

test('an answer that was sent meanwhile is kept', async () => {
  let found
  const guard = guardEdge(edge, () => new Promise((resolve) => (found = resolve)))
  const request = message('/', { headers: [HOST] })
  const response = { headersSent: true, writeHead: assert.fail, end: assert.fail }
  guard.middleware(request, response, assert.fail)
  await new Promise(setImmediate)
  found(undefined)
  await new Promise(setImmediate)
})

test('an open controller allows everything', async () => {
  const request = message('/metrics')
  assert.equal(await run(guardController(Controller.open()).middleware, request), 'next')
  assert.equal(request.sandgate.basis, 'open')
})

test('basis and grant are on the request', async () => {
  const request = message(new v2.FileUrlKey(V2_TOKEN).url('https://a', { path: '/a', expiresIn: 60 }).slice('https://a'.length))
  assert.equal(await run(guardController(new Controller(V2_TOKEN)).middleware, request), 'next')
  assert.deepEqual([request.sandgate.basis, request.sandgate.grant.path], ['signature', '/a'])
})
