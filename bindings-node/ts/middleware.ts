/** What both middlewares know of HTTP: how a refusal is answered, what an edge takes out. */
import { Buffer } from 'node:buffer'
import { named, wrongType } from './arguments.js'
import { type Allowed, Controller } from './controller.js'
import { Edge, type Passed, type SandboxState } from './edge.js'
import { SandgateError } from './errors.js'
import { forwardQuery, TRAFFIC_HEADER } from './forward.js'
import { native } from './native.js'
import { Route } from './route.js'
import type { Text, Time } from './values.js'

/** What a guard asks beside the request. Neither may be a promise. */
export interface GuardOptions<Request> {
  /** When it is, otherwise the system's clock says. */
  clock?: (() => Time) | null | undefined
  /** What v2 credentials were signed for, 1 to 255 bytes, such as the client's address. */
  context?: ((request: Request) => Text | null | undefined) | null | undefined
}

type State = SandboxState | null | undefined

/** What is known of a sandbox, at once or later; undefined or null for one that is not there. */
export type Lookup = (route: Route) => State | PromiseLike<State>

/** What let a request through an edge, and where it goes. @internal */
export interface Found {
  route: Route
  passed: Passed
}

/** A request, whatever it came as. @internal */
export interface Asked {
  method: string
  /** Path and query, as one or two targets that the request may mean: each of them has to be let through. */
  targets: readonly string[]
  /** All values of a header under all its names. */
  values(...names: string[]): string[]
}

/** The answer to a request that is not let through. @internal */
export class Refusal {
  constructor(
    readonly status: number,
    readonly body: string,
  ) {}

  get headers(): { 'content-type': string; 'content-length': string } {
    return { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(this.body)) }
  }
}

function asking<Request>(options: GuardOptions<Request> | null | undefined): (request: Request) => { context: Text | null | undefined; now: Time | undefined } {
  const { clock, context } = named(options, 'clock', 'context')
  for (const [name, given] of Object.entries({ clock, context })) {
    if (given != null && typeof given !== 'function') throw wrongType(name, 'a function')
  }
  return (request) => ({ context: context?.(request), now: clock?.() })
}

/** Headers are bytes, and Node and Headers write each as the character of the same number. */
function bytes(values: readonly string[]): Uint8Array[] {
  return values.map((value) => Buffer.from(value, 'latin1'))
}

/** A browser asks what it may send, and sends no credentials with it; the app's CORS rule answers. */
function isPreflight(asked: Asked): boolean {
  const [origin, method, upgrade] = ['origin', 'access-control-request-method', 'upgrade'].map((name) => asked.values(name))
  return native.isPreflight(asked.method, origin!, method!, upgrade!)
}

/** A controller's rule; undefined for a preflight, which goes to the app unchecked. @internal */
export function controllerRule<Request>(controller: Controller, options: GuardOptions<Request> | null | undefined) {
  if (!(controller instanceof Controller)) throw wrongType('controller', 'a Controller')
  const given = asking(options)
  return (asked: Asked, request: Request): Allowed | Refusal | undefined => {
    const rest = { ...given(request), accessToken: bytes(asked.values(native.headers.accessToken)) }
    if (isPreflight(asked)) return undefined
    return refusing(
      () => asked.targets.map((target) => controller.check({ method: asked.method, target, ...rest })).at(-1),
      (error) => error.body,
    )
  }
}

/** An edge's rule. @internal */
export function edgeRule<Request>(edge: Edge, lookup: Lookup, options: GuardOptions<Request> | null | undefined) {
  if (!(edge instanceof Edge)) throw wrongType('edge', 'an Edge')
  if (typeof lookup !== 'function') throw wrongType('lookup', 'a function')
  const given = asking(options)
  return async (asked: Asked, request: Request): Promise<Found | Refusal> => {
    const rest = given(request)
    const route = findRoute(asked)
    if (route instanceof Refusal) return route
    // Before the look-up, so that it does not tell which sandboxes there are.
    const screened = screen(edge, route, asked)
    if (screened instanceof Refusal) return screened
    const state = await lookup(route)
    if (state == null) return new Refusal(...native.unknownSandbox(route.sandboxId))
    const [target] = asked.targets as [string]
    const { method } = asked
    const [trafficToken, cookies] = [bytes(asked.values(TRAFFIC_HEADER)), bytes(asked.values('cookie'))]
    return refusing(
      () => ({ route, passed: edge.check(route, state, { method, target, trafficToken, cookies, ...rest }) }),
      (error) => error.edgeBody(route.sandboxId, target),
    )
  }
}

function refusing<T>(check: () => T, body: (error: SandgateError) => string): T | Refusal {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof SandgateError)) throw error
    return new Refusal(error.status, body(error))
  }
}

/** HTTP/2 has a name of its own for the host, and may say the same again under the old one. */
function hosts(asked: Asked): string[] {
  const [authority, host] = [asked.values(':authority'), asked.values('host')]
  return authority.length === 1 && host.length === 1 && authority[0] === host[0] ? host : [...authority, ...host]
}

function findRoute(asked: Asked): Route | Refusal {
  const [sandboxId, port] = [native.headers.sandboxId, native.headers.sandboxPort].map((names) => bytes(asked.values(...names)))
  const host = bytes(hosts(asked))
  return refusing(
    () => {
      // A target with a host of its own (`GET http://…`) would leave two hosts to choose from, and counts as none.
      const isPath = asked.targets.every((target) => target.startsWith('/'))
      return Route.parse(isPath ? { host, sandboxId, port } : {})
    },
    (error) => error.edgeBody(undefined, asked.targets[0]!),
  )
}

function screen(edge: Edge, route: Route, { method, targets }: Asked): Refusal | void {
  for (const target of targets) {
    // What forwards by `fetch` or `new URL` sends another path: it reads `\` as `/`, and cuts at `#`.
    for (const spelling of new Set([target, new URL(`http://host${target}`).pathname])) {
      const refusal = refusing(
        () => edge.screen(route, { method, target: spelling }),
        (error) => error.edgeBody(route.sandboxId, target),
      )
      if (refusal instanceof Refusal) return refusal
    }
  }
}

/** The target without the credential in its query. @internal */
export function forwardedTarget(target: string): string {
  const mark = target.indexOf('?')
  if (mark < 0) return target
  const query = forwardQuery(target.slice(mark + 1))
  return target.slice(0, mark) + (query && `?${query}`)
}

/** An error, whatever was thrown: a framework reads others as "no error" or as an order to go on. @internal */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  // An error of another realm, as of Node itself in jest, keeps what it says.
  const { message } = Object(thrown) as { message?: unknown }
  if (typeof message !== 'string') return new Error('a guard could not decide', { cause: thrown })
  return Object.assign(new Error(message, { cause: thrown }), thrown)
}
