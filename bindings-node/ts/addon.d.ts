/**
 * The exports of the addon. A refusal is a positive integer, an index into `refusals`, because a throw from native code costs microseconds.
 *
 * Every native function checks its own arguments and throws misuse through the `throwMisuse` of its `this` object;
 * `undefined` and `null` both mean "not given". No native function reads a clock.
 */
import type { Carrier, FileOperation, Text, View } from './values.js'

type Opt<T> = T | null | undefined
type Integer = number | bigint
type Values = Opt<Text | readonly Text[]>
type Claims = [directory: Opt<Text>, maxBytes: Opt<Integer>, contentSha256: Opt<Uint8Array>, context: Opt<Text>]
type Of = [id: Text, generation: Opt<Integer>]
type Presented = [id: Text, presented: Text, generation: Opt<Integer>]
type UrlParts = [path: Text, operation: Opt<Text>, user: Opt<Text>]

export type Refusal = number

/** An object that holds native state and does not show it. */
export interface Handle {
  readonly '': unique symbol
}

/** Flat values, which `ts/flat.ts` reads: a number whose lowest bit marks a write, path, user, expiry, then any limits. */
export type GrantParts = string

/** What holds secrets until it is garbage, or disposed. */
export interface Disposable {
  dispose(): void
}

export interface V1Keyring extends Disposable {
  handle: Handle
  accessToken(id: Text): string
  trafficToken(id: Text): string
  verifyAccessToken(id: Text, presented: Text): Refusal | undefined
  verifyTrafficToken(id: Text, presented: Text): Refusal | undefined
}

export interface V1FileUrlKey extends Disposable {
  sign(...url: [...UrlParts, expires: Opt<Integer>]): string
  url(base: Text, ...url: [...UrlParts, expires: Opt<Integer>]): string
  verify(signature: Text, path: Text, user: Opt<Text>, expires: Opt<Integer>, now: Integer, operation?: Opt<Text>): Refusal | undefined
  verifyQuery(query: Text, operation: Opt<Text>, now: Integer): GrantParts | Refusal
}

export interface V2TrafficKeyring extends Disposable {
  handle: Handle
  trafficToken(...of: Of): string
  verifyTrafficToken(...presented: Presented): Refusal | undefined
}

export interface V2Keyring extends Disposable {
  accessToken(...of: Of): string
  trafficToken(...of: Of): string
  verifyAccessToken(...presented: Presented): Refusal | undefined
  verifyTrafficToken(...presented: Presented): Refusal | undefined
  traffic(): V2TrafficKeyring
}

export interface V2FileUrlKey extends Disposable {
  sign(...url: [...UrlParts, expires: Opt<Integer>, ...Claims]): string
  url(base: Text, ...url: [...UrlParts, expires: Opt<Integer>, ...Claims]): string
  verify(signature: Text, ...url: [...UrlParts, expires: Opt<Integer>, now: Integer, ...Claims]): Refusal | undefined
  verifyQuery(query: Text, operation: Opt<Text>, context: Opt<Text>, now: Integer): GrantParts | Refusal
}

/** `verify…` returns the expiry of the credential, or a refusal as a negative number. */
export interface V2TrafficKey extends Disposable {
  keyId: string
  issuePass(port: number, expires: Opt<Integer>, context: Opt<Text>): string
  issueSignedHost(id: Text, port: number, expires: Opt<Integer>): string
  verifyPass(presented: Text, port: number, context: Opt<Text>, now: Integer): number
  verifySignedHost(label: Text, id: Text, port: number, now: Integer): number
}

/** A second view of a request, if there is one. */
export type OtherView = [] | View

/**
 * The index of the basis in `bases`: twice as the number in a grant or, without a grant, as a negative number that begins at -1. Other
 * numbers are refusals.
 */
export type AllowedParts = GrantParts | number

export interface Controller extends Disposable {
  handle: Handle
  isOpen: boolean
  isWaiting: boolean
  check(now: Integer, method: Text, target: Text, accessToken?: Values, context?: Opt<Text>): AllowedParts | Refusal
  /** `undefined` is a CORS preflight. Without lines, there is no other header than the access token. */
  guard(
    now: Integer,
    flags: number,
    method: Text,
    target: Text,
    accessToken?: string | undefined,
    context?: Opt<Text>,
    lines?: View[2],
    ...other: OtherView
  ): AllowedParts | Refusal | undefined
}

export interface WebhookVerifier extends Disposable {
  handle: Handle
}

export interface WebhookVerification extends Disposable {
  handle: Handle
}

export type RouteParts = [handle: Handle, sandboxId: string, port: number, label: string]

export type PassedParts = [
  basis: 'public' | 'controller_port' | 'token' | 'pass' | 'signed_host',
  carrier: 'header' | 'host' | 'query' | 'cookie' | undefined,
  expires: number | undefined,
]

export interface Edge extends Disposable {
  screen(route: Handle, method: Text, target: Text): Refusal | undefined
  check(...asked: [...EdgeAsked, now: Integer]): PassedParts | Refusal
  wake(...asked: [...EdgeAsked, now: Integer, accessToken: Values, controller: Handle]): Refusal | undefined
  carrier(...asked: EdgeAsked): Carrier | undefined
  route(...asked: [...View, ...OtherView]): RouteParts | Refusal
  guard(...asked: [route: Handle, ...State, ...View, context: Opt<Text>, now: Integer]): PassedParts | Refusal
}

/** The state of a sandbox. */
export type State = [restricted: boolean, generation: Opt<Integer>, storedTrafficToken: Opt<Text>]

/** A request to an edge, and the state of its sandbox. */
export type EdgeAsked = [
  route: Handle,
  ...state: State,
  method: Text,
  target: Text,
  trafficToken: Values,
  cookies: Values,
  context: Opt<Text>,
]

export interface RefusedCreation {
  reason: string
  message: string
  status: number
  body: string
}

export interface ExplanationParts {
  code: string
  status: number
  message: string
  field?: string
  value?: string
  expires?: Integer
  text: string
}

export interface DescriptionParts {
  kind: string
  isWellFormed: boolean
  presented: string
  isPercentEncoded: boolean
  format?: 'v1' | 'v2'
  sandboxId?: string
  hostPort?: number
  keyId?: string
  port?: number
  expires?: Integer
  path?: string
  user?: string
  directory?: string
  maxBytes?: number
  contentSha256?: Uint8Array
}

export interface Addon {
  /** The names of what a request may be allowed for. */
  bases: readonly ('open' | 'exempt' | 'token' | 'signature')[]
  /** Index 0 is unused. */
  refusals: readonly (readonly [gate: string, code: string, status: number, message: string] | null)[]
  refusalBody(refusal: Refusal): string
  unknownSandbox(sandboxId: Text): [status: number, body: string]
  edgeRefusalBody(refusal: Refusal, sandboxId: Opt<Text>, target: Text): string

  /** The expiry, either itself or as a lifetime from `now`. */
  end(expires: Opt<Integer>, expiresIn: Opt<Integer>, now: Opt<Integer>): Integer | undefined
  equal(a: Text, b: Text): boolean
  fingerprint(token: Text): string
  decide(
    secure: Opt<boolean>,
    allowPublicTraffic: Opt<boolean>,
    envdVersion: Opt<Text>,
    restrictedByDefault: Opt<boolean>,
  ): [accessToken: boolean, trafficToken: boolean] | RefusedCreation
  readonly headers: {
    /** The names of all deciding headers, in lower case. */
    readonly deciding: readonly string[]
    /** The names of the headers that are cleaned before a request is forwarded. */
    readonly forward: readonly string[]
    readonly accessToken: 'x-access-token'
    /** Of a request with another method, and without a second view, a controller reads no header but the access token. */
    readonly preflightMethod: 'OPTIONS'
    readonly trafficToken: 'e2b-traffic-access-token'
    readonly trafficParameter: 'sandgate_traffic'
    readonly trafficCookie: '__Host-sandgate-traffic'
    readonly webhookSignature: 'e2b-signature'
    readonly webhookVersion: 'e2b-signature-version'
    readonly webhookIsVersion: 'v1'
  }
  /** `undefined` if the line is removed. */
  forwardHeader(name: string, value: string): string | undefined
  forwardTarget(target: string): string
  /** Strings for strings, otherwise bytes. */
  forwardHost(host: Text, label: string): Text
  forwardQuery(query: Text): Text
  forwardCookies(line: Text): Text
  explain(
    query: Text,
    accessTokens: readonly Text[],
    operation: Opt<Text>,
    context: Opt<Text>,
    now: Integer,
  ): ExplanationParts | undefined
  describe(text: Text): DescriptionParts
  explainPass(pass: Text, trafficToken: Text, port: number, context: Opt<Text>, now: Integer): ExplanationParts | undefined
  explainSignedHost(
    label: Text,
    trafficToken: Text,
    sandboxId: Text,
    port: number,
    now: Integer,
  ): ExplanationParts | undefined
  explainWebhook(lines: readonly Text[], secret: Text, body: Uint8Array): ExplanationParts | undefined
  /** Encodes texts as the SDK does: lone surrogates become U+FFFD. */
  e2bSign(path: Text, operation: Text, user: Opt<Text>, token: Text, expires: Opt<Integer>): string

  v1Keyring(seeds: readonly Text[]): V1Keyring
  v1FileUrlKey(accessToken: Text): V1FileUrlKey
  v2Keyring(keyIds: readonly Text[], seeds: readonly Text[]): V2Keyring
  v2TrafficKeyring(roots: readonly Text[]): V2TrafficKeyring
  v2TrafficRoot(keyId: Text, seed: Text): string
  v2IsAccessToken(token: Text): boolean
  v2FileUrlKey(accessToken: Text, leeway: Opt<number>, maxLifetime: Opt<number>): V2FileUrlKey
  v2TrafficKey(
    token: Text,
    leeway: Opt<number>,
    maxLifetime: Opt<number>,
    signedHostMaxLifetime: Opt<number>,
    controllerPort: Opt<number>,
  ): V2TrafficKey

  /** `base` is the handle of another policy or the name of one; `text` describes the policy. */
  policy(
    base: Handle | 'default' | 'E2B_SDKS' | 'V2_ALONE',
    leeway: Opt<number>,
    maxLifetime: Opt<number>,
    signedHostMaxLifetime: Opt<number>,
    carriers: Opt<readonly string[]>,
    versions: Opt<readonly string[]>,
    v1ExpiryRequired: Opt<boolean>,
  ): { handle: Handle; text: string }
  controller(accessTokens: readonly Text[], policy: Opt<Handle>): Controller
  openController(): Controller
  waitingController(policy: Opt<Handle>): Controller
  /** The outcome, and what takes the place of the controller. */
  initialize(
    controller: Handle,
    body: Text,
    expectedHash: Text,
  ): [outcome: 'kept' | 'replaced' | 'cleared' | 'stale', next: Controller] | Refusal
  webhookVerifier(secrets: readonly Text[]): WebhookVerifier
  /** `lines` are names and values in turn. */
  webhookVerify(verifier: Handle, lines: readonly Text[], body: Uint8Array): Refusal | undefined
  webhookStart(verifier: Handle, lines: readonly Text[]): WebhookVerification | Refusal
  /** What takes the place of the verification. */
  webhookUpdate(verification: Handle, piece: Uint8Array): WebhookVerification
  webhookFinish(verification: Handle): Refusal | undefined
  webhookSign(secret: Text, body: Uint8Array): string
  shortenSandboxId(id: Text): string
  route(id: Text, port: number): RouteParts
  parseRoute(host: Values, sandboxId: Values, port: Values): RouteParts | Refusal
  edge(
    policy: Opt<Handle>,
    v1Keyring: Opt<Handle>,
    v2TrafficKeyring: Opt<Handle>,
    controllerPort: Opt<number>,
  ): Edge
}
