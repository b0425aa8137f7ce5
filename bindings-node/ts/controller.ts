import type { AllowedParts, Controller as NativeController, Refusal } from './addon.js'
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

/** Why a request is allowed, and for the file routes what it may do. */
export class Allowed {
  /** An open controller, a route that needs no token, the access token, or a signature. */
  readonly basis: 'open' | 'exempt' | 'token' | 'signature'
  /** What the request may do on a file route. */
  readonly grant: Grant | undefined

  /** @internal */
  constructor(parts: AllowedParts) {
    this.basis = parts[0]
    this.grant = parts[1] && new Grant(parts[1])
    Object.freeze(this)
  }
}

/** A request as a controller looks at it. */
export interface ControllerRequest {
  method: Text
  /** Path and query of the request line, still percent-encoded: `request.url` of `node:http`. */
  target: Text
  /** `X-Access-Token`. */
  accessToken?: Header
  /** What both sides know of the client, 1 to 255 bytes (v2). */
  context?: Text | null | undefined
  /** When it is, otherwise the clock says. */
  now?: Time | null | undefined
}

const REQUEST = names<ControllerRequest>({ method: true, target: true, accessToken: true, context: true, now: true })

/** What a controller accepts. */
export interface ControllerOptions {
  policy?: Policy | null | undefined
}

const OPEN = Symbol('open')

/** What `guard` asks, with a number for a refusal: an exception costs microseconds. @internal */
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
  readonly #controller: NativeController

  /**
   * @param accessTokens 1 to 8 access tokens of 1 to 256 bytes each, those of v2 with distinct key ids.
   * @throws {RangeError} `ERR_SANDGATE_NO_TOKEN` for none, `ERR_SANDGATE_TOO_MANY_TOKENS`, `ERR_SANDGATE_TOKEN`,
   * `ERR_SANDGATE_TOKEN_SHAPE`, `ERR_SANDGATE_MIXED_VERSIONS`, `ERR_SANDGATE_TOKEN_VERSION`,
   * `ERR_SANDGATE_REPEATED_TOKEN`.
   * @throws {TypeError} for a value of the wrong type.
   */
  constructor(accessTokens: Text | readonly Text[], options?: ControllerOptions) {
    this.#controller =
      (accessTokens as unknown) === OPEN
        ? native.openController()
        : native.controller(several(accessTokens), policyHandle(named(options, 'policy').policy))
    Object.freeze(this)
  }

  /** A controller that allows everything: what `secure: false` asks for. */
  static open(): Controller {
    return new Controller(OPEN as never)
  }

  /** Whether it allows everything. */
  get isOpen(): boolean {
    return this.#controller.isOpen
  }

  /**
   * Decides.
   *
   * @throws {SandgateError} if the request is refused.
   * @throws {TypeError | RangeError} for wrong use.
   */
  check(request: ControllerRequest): Allowed {
    object(request, 'request', REQUEST)
    const answer = this.#controller.check(
      request.method,
      request.target,
      request.accessToken,
      request.context,
      instant(request.now),
    )
    if (typeof answer === 'number') throw denied(answer)
    return new Allowed(answer)
  }

  /**
   * Decides about a request as a server received it, before an app acts on it: all that a middleware needs to ask.
   *
   * @returns undefined for a CORS preflight, which the app answers by its CORS rule, unchecked.
   * @throws {SandgateError} if the request is refused; with 400 where its two views differ.
   * @throws {TypeError | RangeError} for wrong use.
   *
   * @example
   * controller.guard({ method: request.method, target: request.url, headers: pairsOf(request.rawHeaders) })
   */
  guard(request: GuardRequest): Allowed | undefined {
    const asked = given(request)
    const answer = guardAt(this, viewOf(asked), otherOf(asked), asked.context, asked.now)
    if (typeof answer === 'number') throw denied(answer)
    return answer && new Allowed(answer)
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
    guardAt = (controller, [method, target, lines, flags], other, context, now) =>
      other === undefined
        ? controller.#controller.guard(method, target, lines, flags, context, instant(now))
        : controller.#controller.guard(method, target, lines, flags, context, instant(now), ...other)
  }
}
