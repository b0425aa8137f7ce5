// What TypeScript accepts and what it rejects. This file is compiled, never run.
import {
  Controller,
  type ControllerRequest,
  type CreationCode,
  CreationRefusedError,
  type Credentials,
  DECIDING_HEADERS,
  decide,
  type DeniedCode,
  Edge,
  type EdgeRequest,
  equal,
  type Explanation,
  explain,
  fingerprint,
  FORWARD_HEADERS,
  forwardCookies,
  forwardHost,
  forwardQuery,
  type Gate,
  type Grant,
  type Initialized,
  type Lifetime,
  Policy,
  Route,
  SandgateError,
  type SandboxState,
  shortenSandboxId,
  type Time,
  TRAFFIC_COOKIE,
  type UnknownSandbox,
  unknownSandbox,
  v1,
  v2,
  wake,
  webhook,
} from 'sandgate'
import { getSignature, getSignatureSync, type SignatureOpts } from 'sandgate/e2b'
import { FileUrlKey, Keyring } from 'sandgate/v1'
import { FileUrlKey as FileUrlKeyV2, Keyring as KeyringV2, TrafficKey, TrafficKeyring, trafficRoot } from 'sandgate/v2'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const is = <T extends true>(): T => true as T

// The same classes by both names.
is<Same<typeof v1.FileUrlKey, typeof FileUrlKey>>()
is<Same<typeof v2.Keyring, typeof KeyringV2>>()

const keyring = new Keyring('seed', new Uint8Array(16))
const token: string = keyring.accessToken('abc')
const verdict: boolean = keyring.isValidAccessToken('abc', new Uint8Array())
const nothing: void = keyring.verifyTrafficToken('abc', token)
// @ts-expect-error a seed is required
new Keyring()
// @ts-expect-error a number is not text
keyring.accessToken(5)

const key = new FileUrlKey(token)
key.sign({ path: '/a' })
key.sign({ path: '/a', operation: 'write', user: null, expires: new Date(), now: 5n })
key.sign({ path: '/a', expiresIn: 60, now: new Date() })
key.url('https://a', { path: new Uint8Array(), expiresIn: 60, user: undefined })
const { signature, expires: last } = key.signed({ path: '/a', expiresIn: 60 })
is<Same<typeof signature, string>>()
is<Same<typeof last, number | bigint | undefined>>()
// @ts-expect-error the expiry would be unknown
key.sign({ path: '/a', expiresIn: 60 })
// @ts-expect-error a path is required
key.sign({ user: 'u' })
// @ts-expect-error no such operation
key.sign({ path: '/a', operation: 'delete' })
// @ts-expect-error a misspelt expiry would be ignored
key.sign({ path: '/a', expire: 5 })
// @ts-expect-error a text is not a time
key.sign({ path: '/a', expires: '5' })
// @ts-expect-error a Date is not a lifetime
key.sign({ path: '/a', expiresIn: new Date() })
// @ts-expect-error v1 has no directory
key.sign({ path: '/a', directory: '/' })

const grant: Grant = key.verifyQuery('path=/a', { operation: 'write' })
is<Same<Grant['path'], string>>()
is<Same<Grant['expires'], number | bigint | undefined>>()
// @ts-expect-error it is frozen
grant.path = '/b'
// @ts-expect-error only the package makes them
new (await import('sandgate')).Grant()

const ring = new KeyringV2(new Map([['a', 'seed']]))
new KeyringV2([['b', new Uint8Array(32)], ['a', 'seed']])
new KeyringV2({ a: 'seed' } as const)
ring.accessToken('abc', { generation: 3 })
// @ts-expect-error a generation has a name
ring.accessToken('abc', 3)
// @ts-expect-error seeds have key ids
new KeyringV2('seed')

const strict = new FileUrlKeyV2(token, { leeway: 5, maxLifetime: 60 })
strict.sign({ path: '', directory: '/in/', operation: 'write', maxBytes: 5n, contentSha256: new Uint8Array(32), context: 'x', expires: 60 })
is<Same<ReturnType<typeof strict.signed>['expires'], number>>()
// @ts-expect-error the expiry would be unknown
strict.sign({ path: '/a', expiresIn: 60 })
strict.isValid('v2.', { path: '/a', expires: 5 })
// @ts-expect-error v2 requires an expiry
strict.isValid('v2.', { path: '/a' })
// @ts-expect-error there is no such option
new FileUrlKeyV2(token, { lifetime: 5 })

const traffic = new TrafficKey(token, { controllerPort: 1 })
const pass: string = traffic.issuePass(8080, { expiresIn: 5, context: 'x' })
const end: number = traffic.verifyPass(pass, 8080)
// @ts-expect-error a signed host has no context
traffic.issueSignedHost('abc', 8080, { expires: 5, context: 'x' })
// @ts-expect-error a port is a number
traffic.issuePass('8080', { expires: 5 })

const controller = new Controller([token], { policy: new Policy({ base: Policy.V2_ALONE, carriers: ['host'] }) })
const open: Controller = Controller.open()
const headers: NodeJS.Dict<string[]> = {}
const request: ControllerRequest = { method: 'GET', target: '/', accessToken: headers['x-access-token'] }
const { basis, grant: maybe } = controller.check(request)
is<Same<typeof basis, 'open' | 'exempt' | 'token' | 'signature'>>()
is<Same<typeof maybe, Grant | undefined>>()
// @ts-expect-error a policy has a name
new Controller(token, Policy.V2_ALONE)
// @ts-expect-error no such carrier
new Policy({ carriers: ['pigeon'] })

const waiting: Controller = Controller.waiting({ policy: Policy.V2_ALONE })
is<Same<ReturnType<typeof waiting.initialize>, Initialized>>()
is<Same<Initialized, 'kept' | 'replaced' | 'cleared' | 'stale'>>()
is<Same<typeof waiting.isWaiting, boolean>>()
waiting.initialize(new Uint8Array(), undefined)
// @ts-expect-error What a failed look-up may return.
waiting.initialize('{}', null)
waiting.initialize('{}', new Uint8Array())
// @ts-expect-error the body is text, not an object
waiting.initialize({ accessToken: 'a' })
// @ts-expect-error a body is required
waiting.initialize()
// @ts-expect-error it is a getter
waiting.isWaiting = false
// @ts-expect-error a controller that waits has no token
Controller.waiting(token)

const route = Route.parse({ host: '8080-abc.e2b.app', port: undefined })
const state: SandboxState = { restricted: true }
const edge = new Edge({ v2Keyring: ring.traffic(), v1Keyring: keyring })
const { carrier, expires } = edge.check(route, state, { method: 'GET', target: '/', cookies: ['a', 'b'] })
is<Same<typeof carrier, 'header' | 'host' | 'query' | 'cookie' | undefined>>()
is<Same<typeof expires, number | undefined>>()
// @ts-expect-error a whole keyring would open controllers
new Edge({ v2Keyring: ring })
// @ts-expect-error whether it is restricted must be stated
edge.check(route, {}, request)
// @ts-expect-error an object that looks like a route is not one
edge.screen({ sandboxId: 'abc', port: 5 }, request)
const woken: void = wake.check(edge, waiting, route, state, { method: 'GET', target: '/', accessToken: headers['x-access-token'], cookies: null })
const asleep: wake.WakeRequest = { method: 'GET', target: '/', accessToken: ['a'], trafficToken: 'b', now: 5n }
// @ts-expect-error an edge and a controller
wake.check(waiting, edge, route, state, asleep)
// @ts-expect-error a controller is required
wake.check(edge, route, state, asleep)
// @ts-expect-error an edge reads no access token
edge.check(route, state, { method: 'GET', target: '/', accessToken: 'a' })
const verifier = new webhook.Verifier('secret', new Uint8Array(16))
const verified: void = verifier.verify(headers, new Uint8Array(1))
is<Same<ReturnType<typeof verifier.isValid>, boolean>>()
verifier.verify([['e2b-signature', 'x']], new Uint8Array(1))
verifier.start(new Map([['e2b-signature', 'x']])).update(new Uint8Array(1))
// @ts-expect-error a body is bytes
verifier.verify(headers, 'body')
// @ts-expect-error headers come first
verifier.verify(new Uint8Array(1), headers)
const webhookHeader: 'e2b-signature' = webhook.SIGNATURE_HEADER
const signedWebhook: string = webhook.sign('secret', new Uint8Array(1))
void [verified, webhookHeader, signedWebhook]
new TrafficKeyring(trafficRoot('a', 'seed'))
const asked: EdgeRequest = { method: 'GET', target: '/', trafficToken: ['a'], now: 5n }
is<Same<ReturnType<typeof edge.carrier>, typeof carrier>>()
// @ts-expect-error a header is no number
const numbered: EdgeRequest = { ...asked, trafficToken: 5 }
const instant: Time = new Date()
// @ts-expect-error a Date is no lifetime
const lifetime: Lifetime = instant

is<Same<ReturnType<typeof forwardQuery>, string | Uint8Array>>()
const text: string = forwardQuery('a=1')
const bytes: Uint8Array = forwardQuery(new Uint8Array())
const same: boolean = equal('a', new Uint8Array())
const why: string | undefined = explain('path=/a', token)?.toString()
is<Same<Explanation['code'], DeniedCode>>()
is<Same<ReturnType<typeof forwardHost>, string | Uint8Array>>()
const cookies: Uint8Array = forwardCookies(new Uint8Array())
const lists: readonly (readonly string[])[] = [DECIDING_HEADERS, FORWARD_HEADERS]
is<Same<typeof TRAFFIC_COOKIE, '__Host-sandgate-traffic'>>()
// @ts-expect-error it is frozen
DECIDING_HEADERS.push('host')
is<Same<ReturnType<typeof unknownSandbox>, UnknownSandbox>>()
const short: string = fingerprint(new Uint8Array())
is<Same<ReturnType<typeof decide>, Credentials>>()
const { accessToken, trafficToken } = decide({ allowPublicTraffic: 0, restrictedByDefault: true })
// @ts-expect-error a default is a boolean
decide({ restrictedByDefault: 1 })
const id: string = shortenSandboxId('abc-def')

try {
  controller.check(request)
} catch (error) {
  if (error instanceof CreationRefusedError) {
    is<Same<typeof error.code, CreationCode>>()
    is<Same<typeof error.reason, 'template_too_old' | 'template_version_unknown' | 'restricted_needs_secure'>>()
  }
  if (error instanceof SandgateError) {
    is<Same<typeof error.code, DeniedCode | CreationCode>>()
    is<Same<typeof error.gate, Gate>>()
    if (error.gate === 'init' || error.gate === 'wake' || error.code === 'ERR_SANDGATE_NOT_INITIALIZED') void error
    const parts: [string, string, number, string, string] = [error.code, error.gate, error.status, error.body, error.edgeBody('abc', '/')]
    // @ts-expect-error no such code
    if (error.code === 'ERR_SANDGATE_EXPIRD') void parts
  }
}

// The SDK's own types.
type Sdk = typeof import('e2b').getSignature
const dropIn: Sdk = getSignature
const opts: SignatureOpts = { path: '/a', operation: 'read', user: undefined, envdAccessToken: token }
const made: { signature: string; expiration: number | null } = getSignatureSync(opts)

void [verdict, nothing, end, open, text, bytes, same, why, accessToken, trafficToken, dropIn, made, numbered, lifetime, cookies, lists, short, woken, asleep, id]
