import { initialize } from '#initialize'
import type { AllowedParts, Controller as NativeController, Handle, Refusal } from './addon.js'
import { named, names, object, several } from './arguments.js'
import { DISPOSE } from './dispose.js'
import type { Header, Text, Time } from './values.js'
import { denied } from './errors.js'
import { Grant } from './grant.js'
import { given, type GuardRequest, otherOf, viewOf } from './head.js'
import type { View } from './values.js'
import { native } from './native.js'
import { type Policy, policyHandle } from './policy.js'
import { instant } from './time.js'

/** Not frozen: V8 reads frozen arrays more slowly. */
const BASES = [...native.bases]

/** Why a request is allowed and, on the file routes, what it may do. */
export class Allowed {
  /** The reason: an open controller, a route that needs no token, the access token, or a signature. */
  declare readonly basis: 'open' | 'exempt' | 'token' | 'signature'
  /** What the request may do on a file route. */
  declare readonly grant: Grant | undefined

  /** @internal */
  constructor(parts: AllowedParts) {
    const isGrant = typeof parts === 'string'
    this.basis = BASES[isGrant ? parts.charCodeAt(0) >> 1 : -1 - parts]!
    this.grant = isGrant ? new Grant(parts) : undefined
    Object.freeze(this)
  }
}

/** A request to a controller. */
export interface ControllerRequest {
  method: Text
  /** Path and query of the request line, still percent-encoded: `request.url` of `node:http`. */
  target: Text
  /** `X-Access-Token`. */
  accessToken?: Header
  /** The context: a value that both sides know of the client, 1 to 255 bytes (v2). */
  context?: Text | null | undefined
  /** The current time; otherwise the clock is read. */
  now?: Time | null | undefined
}

const REQUEST = names<ControllerRequest>({ method: true, target: true, accessToken: true, context: true, now: true })

/** The options of a controller. */
export interface ControllerOptions {
  policy?: Policy | null | undefined
}

/**
 * The outcome of an accepted `POST /init`.
 *
 * - `kept`: the controller requires what it required before.
 * - `replaced`: it requires the presented token, and no other from now on.
 * - `cleared`: it requires no token: it is open.
 * - `stale`: the request was authorised, but is not newer than the last one that was applied. Nothing changed.
 */
export type Initialized = 'kept' | 'replaced' | 'cleared' | 'stale'

/** The native object that a controller starts with, in place of the caller's tokens. */
class Start {
  constructor(readonly controller: NativeController) {}
}

let handleOf: (controller: Controller) => Handle

/** The call of `guard`, with a number for a refusal, because an exception costs microseconds. @internal */
export let guardAt: (
  controller: Controller,
  view: View,
  other: View | undefined,
  context: Text | null | undefined,
  now: Time | null | undefined,
) => AllowedParts | Refusal | undefined

/**
 * The controller of one sandbox: its access token, or several of one wire format while one is replaced.
 *
 * @example
 * const controller = new Controller(accessToken)
 * const { grant } = controller.check({
 *   method: request.method,
 *   target: request.url,
 *   accessToken: request.headersDistinct['x-access-token'],
 * })
 */
export class Controller {
  #controller: NativeController

  /**
   * @param accessTokens 1 to 8 access tokens of 1 to 256 bytes each, those of v2 with distinct key ids.
   * @throws {RangeError} `ERR_SANDGATE_NO_TOKEN` for none, `ERR_SANDGATE_TOO_MANY_TOKENS`, `ERR_SANDGATE_TOKEN`,
   * `ERR_SANDGATE_TOKEN_SHAPE`, `ERR_SANDGATE_MIXED_VERSIONS`, `ERR_SANDGATE_TOKEN_VERSION`,
   * `ERR_SANDGATE_REPEATED_TOKEN`.
   * @throws {TypeError} for a value of the wrong type.
   */
  constructor(accessTokens: Text | readonly Text[], options?: ControllerOptions) {
    this.#controller =
      (accessTokens as unknown) instanceof Start
        ? (accessTokens as unknown as Start).controller
        : native.controller(several(accessTokens), policyHandle(named(options, 'policy').policy))
    Object.freeze(this)
  }

  /** Returns a controller that allows everything, for a sandbox created with `secure: false`. */
  static open(): Controller {
    return new Controller(new Start(native.openController()) as never)
  }

  /**
   * Returns a controller that was restarted and has not been told its token yet. It refuses everything but `GET /health` and `POST /init`,
   * CORS preflights included, until `initialize` accepts a request.
   *
   * @throws {TypeError} for wrong use.
   *
   * @example
   * const controller = Controller.waiting()
   * const guard = guardController(controller)
   */
  static waiting(options?: ControllerOptions): Controller {
    return new Controller(new Start(native.waitingController(policyHandle(named(options, 'policy').policy))) as never)
  }

  /** Whether it allows everything. */
  get isOpen(): boolean {
    return this.#controller.isOpen
  }

  /** Whether it has not been told its token yet. */
  get isWaiting(): boolean {
    return this.#controller.isWaiting
  }

  /**
   * Decides about the body of `POST /init` and applies it. Answer 204 to what is accepted.
   *
   * This object is changed as a whole, between two requests: a guard that holds it decides about the next request by the new token. The old
   * token is wiped. A worker has a controller of its own.
   *
   * | presented token | accepted if | then |
   * | --- | --- | --- |
   * | one that the controller requires | always | `kept` |
   * | another | its hash is the expected one | `replaced`, whatever the wire formats |
   * | another | there is no expected hash, and the controller requires none or waits | `replaced` |
   * | none | the expected hash is that of the empty string | `cleared` |
   * | none | there is no expected hash, and the controller requires none or waits | `cleared`; `kept` if it was open |
   *
   * @param body The body as received: JSON with two optional members, `accessToken` and `timestamp` (RFC 3339). Other members are ignored.
   * Limit its length before you read it: 64 KiB are enough.
   * @param expectedHash What the host publishes out of band: the SHA-512 of the token in lower-case hexadecimal, 128 characters; that of the
   * empty string if the token may be cleared; the empty string, the default, if the host publishes nothing. Read it anew for each
   * call. `null`, which a failed look-up may return, is refused.
   * @returns The outcome. A request whose timestamp is not later than the last one that was applied is `stale`. One without a timestamp always
   * applies.
   * @throws {SandgateError} gate "init": status 401 if the request is not authorised; 400 (`ERR_SANDGATE_MALFORMED`) for a body that is not
   * one JSON object (an empty one is none), that has one of the two members twice or in other upper and lower case, a token that is empty, contains a JSON escape or
   * is none that this controller can require, or a timestamp that cannot be read. Nothing changes.
   * @throws {TypeError | RangeError} for wrong use.
   *
   * @example
   * const controller = Controller.waiting()
   * controller.initialize('{"accessToken":"first"}') // 'replaced'
   */
  initialize(body: Text, expectedHash: Text = ''): Initialized {
    const answer = initialize().initialize(this.#controller.handle, body, expectedHash)
    if (typeof answer === 'number') throw denied(answer)
    const [outcome, next] = answer
    const before = this.#controller
    this.#controller = next
    before.dispose()
    return outcome
  }

  /**
   * Decides.
   *
   * @throws {SandgateError} if the request is refused.
   * @throws {TypeError | RangeError} for wrong use.
   */
  check(request: ControllerRequest): Allowed {
    object(request, 'request', REQUEST)
    const { method, target, accessToken, context } = request
    const now = instant(request.now)
    const controller = this.#controller
    // The addon asks Node about each argument that it is given.
    let answer
    if (context != null) answer = controller.check(now, method, target, accessToken, context)
    else if (accessToken != null) answer = controller.check(now, method, target, accessToken)
    else answer = controller.check(now, method, target)
    if (isRefusal(answer)) throw denied(answer)
    return new Allowed(answer)
  }

  /**
   * Decides about a request as the server received it. A middleware needs no other call.
   *
   * @returns undefined for a CORS preflight, which the app answers by its CORS rule, unchecked. A controller that waits refuses it too.
   * @throws {SandgateError} if the request is refused; with 400 if its two views differ.
   * @throws {TypeError | RangeError} for wrong use.
   *
   * @example
   * controller.guard({ method: request.method, target: request.url, headers: pairsOf(request.rawHeaders) })
   */
  guard(request: GuardRequest): Allowed | undefined {
    const asked = given(request)
    const answer = guardAt(this, viewOf(asked), otherOf(asked), asked.context, asked.now)
    if (isRefusal(answer)) throw denied(answer)
    return answer === undefined ? undefined : new Allowed(answer)
  }

  /** Wipes its secrets at once. Whatever is called later throws an `Error`, `ERR_SANDGATE_DISPOSED`. */
  dispose(): void {
    this.#controller.dispose()
  }

  /** The same, for `using`. */
  [DISPOSE](): void {
    this.dispose()
  }

  static {
    guardAt = (controller, [method, target, lines, flags], other, context, now) => {
      const asked = controller.#controller
      const time = instant(now)
      if (other !== undefined) return asked.guard(time, flags, method, target, undefined, context, lines, ...other)
      const token = tokenAlone(method, lines)
      if (token === null) return asked.guard(time, flags, method, target, undefined, context, lines)
      // The addon asks Node about each argument that it is given.
      if (context != null) return asked.guard(time, flags, method, target, token, context)
      return token === undefined ? asked.guard(time, flags, method, target) : asked.guard(time, flags, method, target, token)
    }
    handleOf = (controller) => (#controller in controller ? controller.#controller.handle : (controller as never))
  }
}

/** Whether an answer is a refusal: other numbers allow. @internal */
export function isRefusal(answer: AllowedParts | Refusal | undefined): answer is Refusal {
  return typeof answer === 'number' && answer > 0
}

const { accessToken: ACCESS_TOKEN, preflightMethod: PREFLIGHT_METHOD } = native.headers

/** The access token, undefined if there is none; null if core must read all lines. */
function tokenAlone(method: Text, lines: View[2]): string | undefined | null {
  if (typeof method !== 'string' || method === PREFLIGHT_METHOD) return null
  let token: string | undefined
  for (let at = 0; at < lines.length; at += 2) {
    const value = lines[at + 1]
    // What is no text is refused, in whichever header.
    if (typeof value !== 'string') return null
    if (lines[at] !== ACCESS_TOKEN) continue
    if (token !== undefined) return null
    token = value
  }
  return token
}

/** Returns the addon's handle of a controller. Any other value is returned unchanged, and the addon refuses it. @internal */
export function controllerHandle(controller: Controller): Handle {
  return typeof controller === 'object' && controller !== null ? handleOf(controller) : controller
}
