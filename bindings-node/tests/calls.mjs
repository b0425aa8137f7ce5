// Every argument of the public functions, each as a function of only that argument, with its name.
import {
  Controller, decide, Edge, equal, explain, fingerprint, forwardCookies, forwardQuery, Policy, Route, shortenSandboxId, v1, v2, wake,
  webhook,
} from 'sandgate'
import { getSignatureSync } from 'sandgate/e2b'

export const SEED = 'a seed of at least 32 bytes, kept secret'
export const ID = 'i94gcaqbpvohfr764s5l'
export const NOW = 1800000000
export const END = NOW + 60

export const V1_RING = new v1.Keyring(SEED)
export const V2_RING = new v2.Keyring({ a: SEED })
export const V1_TOKEN = V1_RING.accessToken(ID)
export const V2_TOKEN = V2_RING.accessToken(ID)
export const TRAFFIC_TOKEN = V2_RING.trafficToken(ID)
export const ROOT = v2.trafficRoot('a', SEED)
export const V1_KEY = new v1.FileUrlKey(V1_TOKEN)
export const V2_KEY = new v2.FileUrlKey(V2_TOKEN)
export const TRAFFIC = new v2.TrafficKey(TRAFFIC_TOKEN)
export const TRAFFIC_RING = new v2.TrafficKeyring(ROOT)
export const CONTROLLER = new Controller(V1_TOKEN)
/** A controller that waited, and then got its token. */
export const INITIALIZED = Controller.waiting()
INITIALIZED.initialize(JSON.stringify({ accessToken: V1_TOKEN }))
export const EDGE = new Edge({ v2Keyring: TRAFFIC_RING })
export const VERIFIER = new webhook.Verifier(SEED)
const SIGNATURE = { 'e2b-signature': webhook.sign(SEED, new Uint8Array(1)) }
export const VERIFICATION = VERIFIER.start(SIGNATURE)
export const ROUTE = new Route(ID, 8080)
export const RESTRICTED = { restricted: true }

/** The objects that hold a secret. */
export const SECRETIVE = [V1_RING, V2_RING, TRAFFIC_RING, V1_KEY, V2_KEY, TRAFFIC, CONTROLLER, EDGE, INITIALIZED, VERIFIER, VERIFICATION]
/** Values that must not be shown. */
export const SECRETS = [SEED, V1_TOKEN, V2_TOKEN, TRAFFIC_TOKEN, ROOT]

const BASE = 'https://a'
const PASS = TRAFFIC.issuePass(8080, { expires: END })
const HOST = TRAFFIC.issueSignedHost(ID, 8080, { expires: END })
const V1_QUERY = V1_KEY.url('https://a', { path: '/a' }).split('?')[1]
const V2_QUERY = V2_KEY.url('https://a', { path: '/a', expires: END }).split('?')[1]

const get = (rest) => ({ method: 'GET', target: '/', ...rest })
const byToken = (rest) => CONTROLLER.check(get({ accessToken: V1_TOKEN, ...rest }))
const v1Sign = (rest) => V1_KEY.sign({ path: '/a', ...rest })
const v2Sign = (rest) => V2_KEY.sign({ path: '/a', expires: END, ...rest })
const v1Url = (rest) => V1_KEY.url(BASE, { path: '/a', ...rest })
const v2Url = (rest) => V2_KEY.url(BASE, { path: '/a', expires: END, ...rest })
const v1Valid = (rest) => V1_KEY.isValid('v1_x', { path: '/a', ...rest })
const v2Valid = (rest) => V2_KEY.isValid('v2.x', { path: '/a', expires: END, ...rest })
const edge = (rest) => EDGE.check(ROUTE, RESTRICTED, get({ trafficToken: TRAFFIC_TOKEN, ...rest }))
const wakes = (rest) => wake.check(EDGE, CONTROLLER, ROUTE, RESTRICTED, get({ trafficToken: TRAFFIC_TOKEN, ...rest }))
const CONTROLLERS = new Route(ID, 49983)
const TOKEN_BODY = '{"accessToken":"a"}'
/** SHA-512. */
const HASH_OF_A =
  '1f40fc92da241694750979ee6cf582f2d5d7d28e18335de05abc54d0560e0f5302860c652bf08d560252aa5e74210546f369fbbbce8c12cfc7957b2652fe9a75'
const e2b = (rest) => getSignatureSync({ path: '/a', operation: 'read', user: undefined, envdAccessToken: V1_TOKEN, ...rest })

/** Text: label, the name in the error, a right value, the call; `optional` if null and undefined are right too, `default` if undefined is. */
export const TEXT = [
  ['equal a', 'a', 'x', (x) => equal(x, 'x')],
  ['equal b', 'b', 'x', (x) => equal('x', x)],
  ['fingerprint', 'token', 'x', fingerprint],
  ['forwardQuery', 'query', 'a=1', forwardQuery],
  ['forwardCookies', 'line', 'a=1', forwardCookies],
  ['decide', 'envdVersion', '0.6.4', (x) => decide({ envdVersion: x, secure: false }), 'optional'],
  ['webhook.Verifier', 'secret', SEED, (x) => new webhook.Verifier(x)],
  ['webhook.Verifier more', 'secret', SEED, (x) => new webhook.Verifier(SEED, x)],
  ['webhook.sign', 'secret', SEED, (x) => webhook.sign(x, new Uint8Array(1))],
  ['v1.Keyring', 'seed', SEED, (x) => new v1.Keyring(x)],
  ['v1.Keyring more', 'seed', SEED, (x) => new v1.Keyring(SEED, x)],
  ['v1 accessToken', 'sandboxId', ID, (x) => V1_RING.accessToken(x)],
  ['v1 trafficToken', 'sandboxId', ID, (x) => V1_RING.trafficToken(x)],
  ['v1 isValidAccessToken id', 'sandboxId', ID, (x) => V1_RING.isValidAccessToken(x, 'token')],
  ['v1 isValidAccessToken', 'presented', 'token', (x) => V1_RING.isValidAccessToken(ID, x)],
  ['v1 isValidTrafficToken', 'presented', 'token', (x) => V1_RING.isValidTrafficToken(ID, x)],
  ['v1 verifyAccessToken', 'presented', V1_TOKEN, (x) => V1_RING.verifyAccessToken(ID, x)],
  ['v1.FileUrlKey', 'accessToken', V1_TOKEN, (x) => new v1.FileUrlKey(x)],
  ['v1 sign path', 'path', '/a', (path) => v1Sign({ path })],
  ['v1 sign operation', 'operation', 'write', (operation) => v1Sign({ operation }), 'optional'],
  ['v1 sign user', 'user', 'user', (user) => v1Sign({ user }), 'optional'],
  ['v1 url base', 'base', BASE, (x) => V1_KEY.url(x, { path: '/a' })],
  ['v1 url path', 'path', '/a', (path) => v1Url({ path })],
  ['v1 isValid signature', 'signature', 'v1_x', (x) => V1_KEY.isValid(x, { path: '/a' })],
  ['v1 isValid path', 'path', '/a', (path) => v1Valid({ path })],
  ['v1 isValid user', 'user', 'u', (user) => v1Valid({ user }), 'optional'],
  ['v1 verifyQuery', 'query', V1_QUERY, (x) => V1_KEY.verifyQuery(x)],
  ['v1 verifyQuery operation', 'operation', 'read', (operation) => V1_KEY.verifyQuery(V1_QUERY, { operation }), 'optional'],
  ['v2.Keyring seed', 'seeds', SEED, (x) => new v2.Keyring({ a: x })],
  ['v2.Keyring key id', 'seeds', 'a', (x) => new v2.Keyring([[x, SEED]])],
  ['v2 accessToken', 'sandboxId', ID, (x) => V2_RING.accessToken(x)],
  ['v2 trafficToken', 'sandboxId', ID, (x) => V2_RING.trafficToken(x)],
  ['v2 isValidAccessToken', 'presented', 'token', (x) => V2_RING.isValidAccessToken(ID, x)],
  ['v2 verifyTrafficToken', 'presented', TRAFFIC_TOKEN, (x) => V2_RING.verifyTrafficToken(ID, x)],
  ['isAccessToken', 'token', V2_TOKEN, (x) => v2.isAccessToken(x)],
  ['trafficRoot key id', 'keyId', 'a', (x) => v2.trafficRoot(x, SEED)],
  ['trafficRoot seed', 'seed', SEED, (x) => v2.trafficRoot('a', x)],
  ['v2.TrafficKeyring', 'root', ROOT, (x) => new v2.TrafficKeyring(x)],
  ['TrafficKeyring isValid', 'presented', 'token', (x) => TRAFFIC_RING.isValidTrafficToken(ID, x)],
  ['v2.FileUrlKey', 'accessToken', V2_TOKEN, (x) => new v2.FileUrlKey(x)],
  ['v2 sign path', 'path', '/a', (path) => v2Sign({ path })],
  ['v2 sign operation', 'operation', 'write', (operation) => v2Sign({ operation }), 'optional'],
  ['v2 sign user', 'user', 'user', (user) => v2Sign({ user }), 'optional'],
  ['v2 sign directory', 'directory', '/a/', (directory) => v2Sign({ path: '/a/b', directory }), 'optional'],
  ['v2 sign context', 'context', '203.0.113.7', (context) => v2Sign({ context }), 'optional'],
  ['v2 url base', 'base', BASE, (x) => V2_KEY.url(x, { path: '/a', expires: END })],
  ['v2 url path', 'path', '/a', (path) => v2Url({ path })],
  ['v2 isValid signature', 'signature', 'v2.x', (x) => V2_KEY.isValid(x, { path: '/a', expires: END })],
  ['v2 isValid path', 'path', '/a', (path) => v2Valid({ path })],
  ['v2 isValid user', 'user', 'u', (user) => v2Valid({ user }), 'optional'],
  ['v2 isValid directory', 'directory', '/a/', (directory) => v2Valid({ path: '/a/b', directory }), 'optional'],
  ['v2 verifyQuery', 'query', V2_QUERY, (x) => V2_KEY.verifyQuery(x, { now: NOW })],
  ['v2.TrafficKey', 'trafficToken', TRAFFIC_TOKEN, (x) => new v2.TrafficKey(x)],
  ['issuePass context', 'context', 'x', (context) => TRAFFIC.issuePass(8080, { expires: END, context }), 'optional'],
  ['issueSignedHost id', 'sandboxId', ID, (x) => TRAFFIC.issueSignedHost(x, 8080, { expires: END })],
  ['verifyPass', 'presented', PASS, (x) => TRAFFIC.verifyPass(x, 8080, { now: NOW })],
  ['verifySignedHost', 'label', HOST, (x) => TRAFFIC.verifySignedHost(x, ID, 8080, { now: NOW })],
  ['verifySignedHost id', 'sandboxId', ID, (x) => TRAFFIC.verifySignedHost(HOST, x, 8080, { now: NOW })],
  ['Controller', 'accessToken', V1_TOKEN, (x) => new Controller(x)],
  ['Controller several', 'accessToken', V1_TOKEN, (x) => new Controller([x])],
  ['Controller.check method', 'method', 'GET', (method) => byToken({ method })],
  ['Controller.check target', 'target', '/', (target) => byToken({ target })],
  ['Controller.check token', 'accessToken', V1_TOKEN, (accessToken) => CONTROLLER.check(get({ accessToken })), 'header'],
  ['Controller.check tokens', 'accessToken', V1_TOKEN, (x) => CONTROLLER.check(get({ accessToken: [x] }))],
  ['Controller.check context', 'context', 'x', (context) => byToken({ context }), 'optional'],
  ['initialize body', 'body', TOKEN_BODY, (x) => Controller.waiting().initialize(x)],
  ['initialize hash', 'expectedHash', HASH_OF_A, (x) => Controller.waiting().initialize(TOKEN_BODY, x), 'default'],
  ['shortenSandboxId', 'sandboxId', `${ID}-2f7b3ac1`, shortenSandboxId],
  ['wake.check method', 'method', 'GET', (method) => wakes({ method })],
  ['wake.check target', 'target', '/', (target) => wakes({ target })],
  ['wake.check traffic token', 'trafficToken', TRAFFIC_TOKEN, (trafficToken) => wakes({ trafficToken }), 'header'],
  [
    'wake.check access token',
    'accessToken',
    V1_TOKEN,
    (accessToken) => wake.check(EDGE, CONTROLLER, CONTROLLERS, RESTRICTED, get({ accessToken })),
    'header',
  ],
  ['wake.check cookies', 'cookies', 'a=1', (cookies) => wakes({ cookies }), 'header'],
  ['wake.check context', 'context', 'x', (context) => wakes({ context }), 'optional'],
  ['Route id', 'sandboxId', ID, (x) => new Route(x, 8080)],
  ['Route.parse host', 'host', `8080-${ID}.e2b.app`, (host) => Route.parse({ host }), 'header'],
  ['Route.parse id', 'sandboxId', ID, (sandboxId) => Route.parse({ host: 'localhost', sandboxId, port: '8080' }), 'header'],
  ['Route.parse port', 'port', '8080', (port) => Route.parse({ host: 'localhost', sandboxId: ID, port }), 'header'],
  ['Edge.screen method', 'method', 'GET', (method) => EDGE.screen(ROUTE, get({ method }))],
  ['Edge.screen target', 'target', '/', (target) => EDGE.screen(ROUTE, get({ target }))],
  ['Edge.check method', 'method', 'GET', (method) => edge({ method })],
  ['Edge.check target', 'target', '/', (target) => edge({ target })],
  ['Edge.check token', 'trafficToken', TRAFFIC_TOKEN, (trafficToken) => edge({ trafficToken }), 'header'],
  ['Edge.check cookies', 'cookies', 'a=1', (cookies) => edge({ cookies }), 'header'],
  ['Edge.check context', 'context', 'x', (context) => edge({ context }), 'optional'],
  [
    'Edge.check stored token',
    'state.trafficToken',
    TRAFFIC_TOKEN,
    (trafficToken) => EDGE.check(ROUTE, { restricted: true, trafficToken }, get({ trafficToken: TRAFFIC_TOKEN })),
    'optional',
  ],
  ['explain', 'query', V1_QUERY, (x) => explain(x, V1_TOKEN)],
  ['explain token', 'accessToken', V1_TOKEN, (x) => explain(V1_QUERY, x)],
  ['explain operation', 'operation', 'read', (operation) => explain(V1_QUERY, V1_TOKEN, { operation }), 'optional'],
]

/** The same for the SDK's function, which accepts a lone surrogate as the SDK does. */
export const SDK_TEXT = [
  ['e2b path', 'path', '/a', (path) => e2b({ path })],
  ['e2b operation', 'operation', 'read', (operation) => e2b({ operation })],
  ['e2b user', 'user', 'user', (user) => e2b({ user }), 'optional'],
  ['e2b token', 'envdAccessToken', V1_TOKEN, (envdAccessToken) => e2b({ envdAccessToken })],
]

const bounds = { generation: [0, 2 ** 32 - 1], seconds: [0, 2 ** 32 - 1], leeway: [0, 300], port: [1, 65535], size: [0, 2 ** 53 - 1] }

/** Numbers: label, the name in the error, the first and the last right value, the call. */
export const NUMBERS = [
  ['v2 accessToken', 'generation', ...bounds.generation, (generation) => V2_RING.accessToken(ID, { generation })],
  ['v2 trafficToken', 'generation', ...bounds.generation, (generation) => V2_RING.trafficToken(ID, { generation })],
  ['v2 isValid', 'generation', ...bounds.generation, (generation) => V2_RING.isValidAccessToken(ID, 'x', { generation })],
  ['TrafficKeyring', 'generation', ...bounds.generation, (generation) => TRAFFIC_RING.trafficToken(ID, { generation })],
  ['v2 sign', 'maxBytes', ...bounds.size, (maxBytes) => v2Sign({ operation: 'write', maxBytes })],
  ['v2.FileUrlKey', 'leeway', ...bounds.leeway, (leeway) => new v2.FileUrlKey(V2_TOKEN, { leeway })],
  ['v2.FileUrlKey', 'maxLifetime', ...bounds.seconds, (maxLifetime) => new v2.FileUrlKey(V2_TOKEN, { maxLifetime })],
  ['TrafficKey', 'leeway', ...bounds.leeway, (leeway) => new v2.TrafficKey(TRAFFIC_TOKEN, { leeway })],
  ['TrafficKey', 'maxLifetime', ...bounds.seconds, (maxLifetime) => new v2.TrafficKey(TRAFFIC_TOKEN, { maxLifetime })],
  [
    'TrafficKey',
    'signedHostMaxLifetime',
    ...bounds.seconds,
    (signedHostMaxLifetime) => new v2.TrafficKey(TRAFFIC_TOKEN, { signedHostMaxLifetime }),
  ],
  ['TrafficKey', 'controllerPort', ...bounds.port, (controllerPort) => new v2.TrafficKey(TRAFFIC_TOKEN, { controllerPort })],
  ['issuePass', 'port', ...bounds.port, (port) => TRAFFIC.issuePass(port, { expires: END })],
  ['issueSignedHost', 'port', ...bounds.port, (port) => TRAFFIC.issueSignedHost(ID, port, { expires: END })],
  ['Route', 'port', ...bounds.port, (port) => new Route(ID, port)],
  ['Edge', 'controllerPort', ...bounds.port, (controllerPort) => new Edge({ controllerPort })],
  [
    'Edge.check',
    'state.generation',
    ...bounds.generation,
    (generation) => EDGE.check(ROUTE, { restricted: false, generation }, get()),
  ],
  [
    'wake.check',
    'state.generation',
    ...bounds.generation,
    (generation) => wake.check(EDGE, CONTROLLER, ROUTE, { restricted: false, generation }, get()),
  ],
  ['Policy', 'leeway', ...bounds.leeway, (leeway) => new Policy({ leeway })],
  ['Policy', 'maxLifetime', ...bounds.seconds, (maxLifetime) => new Policy({ maxLifetime })],
  ['Policy', 'signedHostMaxLifetime', ...bounds.seconds, (signedHostMaxLifetime) => new Policy({ signedHostMaxLifetime })],
]

/** Times: label, the name in the error, the call. `NOW` is a right value of each. */
export const TIMES = [
  ['v1 sign', 'expires', (expires) => v1Sign({ expires })],
  ['v1 url', 'expires', (expires) => v1Url({ expires })],
  ['v1 isValid', 'expires', (expires) => v1Valid({ expires })],
  ['v1 isValid', 'now', (now) => v1Valid({ now })],
  ['v1 verifyQuery', 'now', (now) => V1_KEY.verifyQuery(V1_QUERY, { now })],
  ['v2 sign', 'expires', (expires) => v2Sign({ expires })],
  ['v2 url', 'expires', (expires) => v2Url({ expires })],
  ['v2 isValid', 'expires', (expires) => v2Valid({ expires })],
  ['v2 isValid', 'now', (now) => v2Valid({ now })],
  ['v2 verifyQuery', 'now', (now) => V2_KEY.verifyQuery(V2_QUERY, { now })],
  ['issuePass', 'expires', (expires) => TRAFFIC.issuePass(8080, { expires })],
  ['issueSignedHost', 'expires', (expires) => TRAFFIC.issueSignedHost(ID, 8080, { expires })],
  ['verifyPass', 'now', (now) => TRAFFIC.verifyPass(PASS, 8080, { now })],
  ['verifySignedHost', 'now', (now) => TRAFFIC.verifySignedHost(HOST, ID, 8080, { now })],
  ['Controller.check', 'now', (now) => byToken({ now })],
  ['explain', 'now', (now) => explain(V1_QUERY, V1_TOKEN, { now })],
  ['Edge.check', 'now', (now) => edge({ now })],
  ['wake.check', 'now', (now) => wakes({ now })],
]

/** Lifetimes: label, the call. */
export const LIFETIMES = [
  ['v1 sign', (expiresIn) => v1Sign({ expiresIn, now: NOW })],
  ['v1 url', (expiresIn) => v1Url({ expiresIn, now: NOW })],
  ['v2 sign', (expiresIn) => v2Sign({ expires: undefined, expiresIn, now: NOW })],
  ['v2 url', (expiresIn) => v2Url({ expires: undefined, expiresIn, now: NOW })],
  ['issuePass', (expiresIn) => TRAFFIC.issuePass(8080, { expiresIn, now: NOW })],
  ['issueSignedHost', (expiresIn) => TRAFFIC.issueSignedHost(ID, 8080, { expiresIn, now: NOW })],
]
