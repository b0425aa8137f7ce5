// The texts and the classes of refusals.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Controller, Route, SandgateError, wake, webhook } from 'sandgate'
import { CONTROLLER, EDGE, ID, NOW, RESTRICTED, ROUTE, V1_KEY, V1_RING, V2_KEY, V2_RING } from './calls.mjs'
import { misused, thrown } from './outcome.mjs'

/** The name of this file, or of the bundle that it is in. */
const VERIFIER = new webhook.Verifier('the secret of the webhook')
const FILE = new Error().stack.match(/[\w.]+\.mjs/)[0]
const get = (target, rest) => ({ method: 'GET', target, ...rest })
const SIGNED = V2_KEY.sign({ path: '/in/a', directory: '/in/', expires: NOW })
const IN = `signature=${SIGNED}&signature_expiration=${NOW}&signature_directory=/in/`

const UNAUTHORIZED = 'unauthorized access, please provide a valid access token or method signing if supported'
const TRAFFIC = 'Sandbox is secured with traffic access token.'
const RESUMED = "This sandbox can't be resumed with the credentials provided. Check your access token and try again."

/** Gate, code, status, message, and a call that is refused so. */
const REFUSED = [
  ['route', 'MISSING', 401, UNAUTHORIZED, () => CONTROLLER.check(get('/metrics'))],
  ['route', 'INVALID', 401, UNAUTHORIZED, () => CONTROLLER.check(get('/metrics', { accessToken: 'wrong' }))],
  ['route', 'MALFORMED', 400, 'malformed request', () => CONTROLLER.check(get('/metrics', { accessToken: ['a', 'b'] }))],
  [
    'file_token',
    'INVALID',
    401,
    'access token present in header but does not match',
    () => CONTROLLER.check(get('/files?path=/a', { accessToken: 'wrong' })),
  ],
  ['file_signature', 'MISSING', 401, 'missing signature query parameter', () => CONTROLLER.check(get('/files?path=/a'))],
  ['file_signature', 'INVALID', 401, 'invalid signature', () => V1_KEY.verify('v1_x', { path: '/a' })],
  ['file_signature', 'MALFORMED', 400, 'malformed request', () => V1_KEY.verifyQuery('path=%zz')],
  [
    'file_signature',
    'EXPIRED',
    401,
    'signature is already expired',
    () => V1_KEY.verify(V1_KEY.sign({ path: '/a', expires: NOW }), { path: '/a', expires: NOW, now: NOW + 1 }),
  ],
  [
    'file_signature',
    'LIFETIME_TOO_LONG',
    401,
    'signature lifetime is too long',
    () => V2_KEY.verifyQuery(`path=/in/a&${IN}`, { now: NOW - 604801 }),
  ],
  [
    'file_signature',
    'OUT_OF_SCOPE',
    401,
    'signature does not cover this path',
    () => V2_KEY.verifyQuery(`path=/a&${IN}`, { now: NOW }),
  ],
  [
    'traffic',
    'MISSING',
    403,
    `${TRAFFIC} Token header 'e2b-traffic-access-token' is missing`,
    () => EDGE.check(ROUTE, RESTRICTED, get('/')),
  ],
  [
    'traffic',
    'MALFORMED',
    403,
    `${TRAFFIC} Provided token in header 'e2b-traffic-access-token' is invalid`,
    () => EDGE.check(ROUTE, RESTRICTED, get('/', { trafficToken: 'x' })),
  ],
  ['host', 'MALFORMED', 400, 'invalid host or routing headers', () => Route.parse({ host: 'x' })],
  ['host', 'MISSING', 400, 'missing sandbox id or port in host and routing headers', () => Route.parse({})],
  ['route', 'NOT_INITIALIZED', 401, 'envd not initialized', () => Controller.waiting().check(get('/metrics'))],
  ['init', 'MALFORMED', 400, 'malformed request', () => CONTROLLER.initialize('{')],
  ['init', 'INVALID', 401, 'access token validation failed', () => CONTROLLER.initialize('{"accessToken":"a"}')],
  ['init', 'MISSING', 401, 'access token reset not authorized', () => CONTROLLER.initialize('{}')],
  ...[['MISSING', undefined], ['INVALID', V2_RING.trafficToken('another')], ['MALFORMED', ['a', 'b']]].map(([code, trafficToken]) => [
    'wake', code, 403, RESUMED, () => wake.check(EDGE, CONTROLLER, ROUTE, RESTRICTED, get('/', { trafficToken })),
  ]),
  ['wake', 'NOT_INITIALIZED', 403, RESUMED, () => wake.check(EDGE, Controller.waiting(), new Route(ID, 49983), RESTRICTED, get('/health'))],
  ['webhook', 'MISSING', 401, 'missing webhook signature', () => VERIFIER.start({})],
  ['webhook', 'MALFORMED', 400, 'malformed webhook signature, or a version other than v1', () => VERIFIER.start({ 'e2b-signature': 'x' })],
  ['webhook', 'INVALID', 401, 'invalid webhook signature', () => VERIFIER.verify({ 'e2b-signature': 'A'.repeat(43) }, new Uint8Array(1))],
  [
    'internal_route',
    'OUT_OF_SCOPE',
    404,
    'not found',
    () => EDGE.screen(new Route(ID, 49983), { method: 'POST', target: '/init' }),
  ],
]

for (const [gate, code, status, message, call] of REFUSED) {
  test(`${gate} ${code}`, () => {
    const denied = thrown(call)
    assert(denied instanceof SandgateError && denied instanceof Error)
    assert.equal(denied.constructor, SandgateError)
    assert.deepEqual({ ...denied }, { code: `ERR_SANDGATE_${code}`, gate, status })
    assert.deepEqual([denied.name, denied.message, `${denied}`], ['SandgateError', message, `SandgateError: ${message}`])
    assert.deepEqual(JSON.parse(denied.body), { code: status, message })
    assert(denied.stack.includes(FILE), denied.stack)
  })
}

test('the body of the edge names the sandbox, or the internal path', () => {
  const denied = thrown(() => EDGE.check(ROUTE, RESTRICTED, get('/')))
  assert.deepEqual(JSON.parse(denied.edgeBody(ID, '/')), { sandboxId: ID, message: denied.message, code: 403 })
  const hidden = thrown(() => EDGE.screen(new Route(ID, 49983), { method: 'POST', target: '/a/../init?x' }))
  assert.deepEqual(JSON.parse(hidden.edgeBody(undefined, '/a/../init?x')), { message: 'not found', path: '/init', code: 404 })
  assert.equal(JSON.parse(hidden.edgeBody(undefined, '/\ud800')).code, 404)
  misused(() => denied.edgeBody('no id!', '/'), RangeError, 'ERR_SANDGATE_SANDBOX_ID', 'sandboxId')
  misused(() => denied.edgeBody(5, '/'), TypeError, 'ERR_INVALID_ARG_TYPE', 'sandboxId')
  misused(() => denied.edgeBody(ID), TypeError, 'ERR_INVALID_ARG_TYPE', 'target')
})

test('a refusal keeps nothing of the request', () => {
  const denied = thrown(() => V1_RING.verifyAccessToken(ID, 'MARK'))
  const told = [inspect(denied, { showHidden: true, depth: 9 }), JSON.stringify(denied), String(denied), denied.body]
  assert(!told.some((text) => text.includes('MARK')))
  assert.equal(denied.cause, undefined)
  assert.equal(structuredClone(denied).message, denied.message)
})

test('isValid returns a boolean and verify throws', () => {
  const token = V1_RING.accessToken(ID)
  assert.equal(V1_RING.verifyAccessToken(ID, token), undefined)
  assert.equal(V1_RING.isValidAccessToken(ID, token), true)
  assert.equal(V1_RING.isValidAccessToken(ID, ''), false)
})
