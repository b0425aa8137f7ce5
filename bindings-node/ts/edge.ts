import type { EdgeAsked, Edge as NativeEdge, PassedParts, Refusal, RouteParts, State } from './addon.js'
import { named, type Names, names, object, wrongType } from './arguments.js'
import { type Controller, controllerHandle } from './controller.js'
import { DISPOSE } from './dispose.js'
import type { Header, Text, Time } from './values.js'
import { denied } from './errors.js'
import { given, type GuardRequest, otherOf, viewOf } from './head.js'
import type { View } from './values.js'
import { native } from './native.js'
import { type Carrier, type Policy, policyHandle } from './policy.js'
import { type Route, routeHandle, routeOf } from './route.js'
import { instant } from './time.js'
import { type Keyring, keyringHandle } from './v1/keyring.js'
import { type TrafficKeyring, trafficKeyringHandle } from './v2/traffic_keyring.js'

/** Why a request may pass. */
export class Passed {
  /** The reason: no restriction, the controller's port, the traffic token, a pass, or a signed host. */
  readonly basis: 'public' | 'controller_port' | 'token' | 'pass' | 'signed_host'
  /** Where the request carried the credential. */
  readonly carrier: Carrier | undefined
  /** The last second for which the credential is valid, in Unix seconds. */
  readonly expires: number | undefined

  /** @internal */
  constructor(parts: PassedParts) {
    this.basis = parts[0]
    this.carrier = parts[1]
    this.expires = parts[2]
    Object.freeze(this)
  }
}

/** The options of an edge. Without keyrings, the state of each sandbox must have its traffic token. */
export interface EdgeOptions {
  policy?: Policy | null | undefined
  /** The keyring that verifies v1. An edge that holds it could derive access tokens too. */
  v1Keyring?: Keyring | null | undefined
  /** The keyring that verifies v2: `keyring.traffic()`, which opens no controller. */
  v2Keyring?: TrafficKeyring | null | undefined
  /** The controllers' port, 49983 by default. */
  controllerPort?: number | null | undefined
}

/** The state of a sandbox. Other property names are refused: a misspelt generation would be 0. */
export interface SandboxState {
  /** Whether traffic needs a credential. */
  restricted: boolean
  /** The current generation of the traffic credentials, 0 by default. */
  generation?: number | bigint | null | undefined
  /** Its traffic token, for an edge without a keyring. */
  trafficToken?: Text | null | undefined
}

/** The part of a request that is screened. */
export interface ScreenedRequest {
  method: Text
  /** Path and query of the request line, still percent-encoded: `request.url` of `node:http`. */
  target: Text
}

/** A request to an edge. */
export interface EdgeRequest extends ScreenedRequest {
  /** `e2b-traffic-access-token`. */
  trafficToken?: Header
  /** `Cookie`. */
  cookies?: Header
  /** The context: a value that both sides know of the client, 1 to 255 bytes (v2). */
  context?: Text | null | undefined
  /** The current time; otherwise the clock is read. */
  now?: Time | null | undefined
}

const STATE = names<SandboxState>({ restricted: true, generation: true, trafficToken: true })
const REQUEST = names<EdgeRequest>({ method: true, target: true, trafficToken: true, cookies: true, context: true, now: true })
/** The calls of `route` and `guard`, with a number for a refusal, because an exception costs microseconds. @internal */
export let routeAt: (edge: Edge, view: View, other: View | undefined) => RouteParts | Refusal
/** The call of `screen`. @internal */
export let screenAt: (edge: Edge, route: Route, method: Text, target: Text) => Refusal | undefined
/** The call of `wake.check`. @internal */
export let wakeAt: (
  edge: Edge,
  controller: Controller,
  route: Route,
  state: SandboxState,
  request: EdgeRequest & { accessToken?: Header },
  allowed: Names<EdgeRequest>,
) => Refusal | undefined
/** @internal */
export let passAt: (
  edge: Edge,
  route: Route,
  state: SandboxState,
  view: View,
  context: Text | null | undefined,
  now: Time | null | undefined,
) => PassedParts | Refusal

/**
 * An edge proxy, in front of all sandboxes.
 *
 * @example
 * const edge = new Edge({ v2Keyring: keyring.traffic() })
 * const route = Route.parse({ host: request.headersDistinct.host })
 * edge.check(route, { restricted: true }, {
 *   method: request.method,
 *   target: request.url,
 *   trafficToken: request.headersDistinct['e2b-traffic-access-token'],
 * })
 */
export class Edge {
  readonly #edge: NativeEdge

  /** @throws {TypeError | RangeError} for wrong use. */
  constructor(options?: EdgeOptions) {
    const given = named(options, 'policy', 'v1Keyring', 'v2Keyring', 'controllerPort')
    this.#edge = native.edge(
      policyHandle(given.policy),
      keyringHandle(given.v1Keyring),
      trafficKeyringHandle(given.v2Keyring),
      given.controllerPort,
    )
    Object.freeze(this)
  }

  /**
   * Refuses a request that must not be forwarded, before the look-up: routes that only the platform may call, and ambiguous targets. You
   * may pass the same request as to `check`.
   *
   * @throws {SandgateError} if the request is refused.
   * @throws {TypeError | RangeError} for wrong use.
   */
  screen(route: Route, request: ScreenedRequest): void {
    object<EdgeRequest>(request, 'request', REQUEST)
    const refusal = screenAt(this, route, request.method, request.target)
    if (refusal !== undefined) throw denied(refusal)
  }

  /**
   * Decides about a request, and screens it too.
   *
   * @throws {SandgateError} if the request is refused.
   * @throws {TypeError | RangeError} for wrong use.
   */
  check(route: Route, state: SandboxState, request: EdgeRequest): Passed {
    const answer = this.#edge.check(...asked(route, state, request), instant(request.now))
    if (typeof answer === 'number') throw denied(answer)
    return new Passed(answer)
  }

  /**
   * Returns the carrier of the credential that decides, for the log of a refusal. Undefined if there is none, or none is required.
   *
   * @throws {TypeError | RangeError} for wrong use.
   */
  carrier(route: Route, state: SandboxState, request: EdgeRequest): Carrier | undefined {
    return this.#edge.carrier(...asked(route, state, request))
  }

  /**
   * Finds the route of a request from its host and its routing headers, and screens the request. Then look up the sandbox and call `guard`.
   *
   * @throws {SandgateError} if the request is refused; with 400 if its two views differ.
   * @throws {TypeError | RangeError} for wrong use.
   *
   * @example
   * const route = edge.route(request)
   * const state = await lookup(route.sandboxId)
   * const passed = edge.guard(route, state, request)
   */
  route(request: GuardRequest): Route {
    const asked = given(request)
    const answer = routeAt(this, viewOf(asked), otherOf(asked))
    if (typeof answer === 'number') throw denied(answer)
    return routeOf(answer)
  }

  /**
   * Decides about a request after `route` has found its route and its sandbox was looked up.
   *
   * @throws {SandgateError} if the request is refused.
   * @throws {TypeError | RangeError} for wrong use.
   */
  guard(route: Route, state: SandboxState, request: GuardRequest): Passed {
    const asked = given(request)
    const answer = passAt(this, route, state, viewOf(asked), asked.context, asked.now)
    if (typeof answer === 'number') throw denied(answer)
    return new Passed(answer)
  }

  /** Wipes its secrets at once. Whatever is called later throws an `Error`, `ERR_SANDGATE_DISPOSED`. */
  dispose(): void {
    this.#edge.dispose()
  }

  /** The same, for `using`. */
  [DISPOSE](): void {
    this.dispose()
  }

  static {
    routeAt = (edge, [method, target, lines, flags], other) =>
      other === undefined
        ? edge.#edge.route(method, target, lines, flags)
        : edge.#edge.route(method, target, lines, flags, ...other)
    screenAt = (edge, route, method, target) => edge.#edge.screen(routeHandle(route), method, target)
    wakeAt = (edge, controller, route, state, request, allowed) => {
      if (typeof edge !== 'object' || edge === null || !(#edge in edge)) throw wrongType('edge', 'an Edge')
      return edge.#edge.wake(...asked(route, state, request, allowed), instant(request.now), request.accessToken, controllerHandle(controller))
    }
    passAt = (edge, route, state, view, context, now) =>
      edge.#edge.guard(routeHandle(route), ...known(state), ...view, context, instant(now))
  }
}

function asked(route: Route, state: SandboxState, request: EdgeRequest, allowed: Names<EdgeRequest> = REQUEST): EdgeAsked {
  const sandbox = known(state)
  object(request, 'request', allowed)
  const { method, target, trafficToken, cookies, context } = request
  return [routeHandle(route), ...sandbox, method, target, trafficToken, cookies, context]
}

function known(state: SandboxState): State {
  object(state, 'state', STATE)
  const { restricted, generation, trafficToken } = state
  return [restricted, generation, trafficToken]
}
