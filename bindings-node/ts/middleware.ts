/** Shared by both middlewares: the calls of core, and the answer to a refusal. */
import { named, wrongType } from './arguments.js'
import type { Refusal as Number } from './addon.js'
import { Allowed, Controller, guardAt, isRefusal } from './controller.js'
import { denied, type SandgateError } from './errors.js'
import { Edge, Passed, passAt, routeAt, type SandboxState, screenAt } from './edge.js'
import type { View } from './values.js'
import { native } from './native.js'
import { type Route, routeOf } from './route.js'
import type { Text, Time } from './values.js'

/** The options of a guard. Neither result may be a promise. */
export interface GuardOptions<Request> {
  /** Returns the current time; otherwise the system's clock is read. */
  clock?: (() => Time) | null | undefined
  /** The context for which v2 credentials were signed, 1 to 255 bytes, such as the client's address. */
  context?: ((request: Request) => Text | null | undefined) | null | undefined
  /**
   * Is called once for each refusal that has a gate and a code, after the answer was given to the server: for logs and counters.
   * The answer for a sandbox that the look-up does not know has neither, so it is not reported here. Whatever the function does to
   * the request, throws, rejects or returns changes nothing of the answer: an error becomes a warning of the process.
   */
  onRefusal?: ((request: Request, refusal: SandgateError) => unknown) | null | undefined
}

type State = SandboxState | null | undefined

/** A controller or an edge, or a function that returns the current one. It is called once per request. */
export type Current<T> = T | (() => T)

/** The state of a sandbox, or a promise of it; undefined or null for an unknown one. */
export type Lookup = (route: Route) => State | PromiseLike<State>

/** Why an edge allows a request, and its route. @internal */
export interface Found {
  route: Route
  passed: Passed
}

/** A request as received, and as the app sees it if that differs. @internal */
export interface Seen {
  view: View
  other: View | undefined
  /** The target with the mount path, if there is one. */
  whole?: Text | undefined
}

/** The answer to a refused request. @internal */
export class Refusal {
  constructor(
    readonly status: number,
    readonly body: string,
    /** The refusal's number in the addon; undefined for an unknown sandbox. */
    readonly number?: Number,
    /** The length of the body in bytes. */
    readonly length = bytesOf(body),
  ) {}

  get headers(): { 'content-type': string; 'content-length': string } {
    return { 'content-type': 'application/json', 'content-length': String(this.length) }
  }
}

/** How many bytes a body has in UTF-8; not every realm has a `TextEncoder`. */
function bytesOf(body: string): number {
  return encodeURIComponent(body).replace(/%../g, '.').length
}

function statusOf(refusal: Number): number {
  return native.refusals[refusal]![2]
}

function edgeRefusal(refusal: Number, route: Route | undefined, target: Text): Refusal {
  return new Refusal(statusOf(refusal), native.edgeRefusalBody(refusal, route?.sandboxId, target), refusal)
}

function refusalOf(gate: string, code: string): Refusal {
  const number = native.refusals.findIndex((row) => row?.[0] === gate && row[1] === code)
  return new Refusal(statusOf(number), native.refusalBody(number), number)
}

/** The answer to a request that the runtime cannot read or forward, so that core cannot decide about it. @internal */
export const UNREADABLE = {
  route: refusalOf('route', 'malformed'),
  host: refusalOf('host', 'malformed'),
  target: refusalOf('internal_route', 'malformed'),
}

/** What the caller's functions say about a request. */
interface Asked {
  context: Text | null | undefined
  now: Time | undefined
}

const NOTHING: Asked = { context: undefined, now: undefined }

function asking<Request>(options: GuardOptions<Request> | null | undefined): (request: Request) => Asked {
  const { clock, context, onRefusal } = named(options, 'clock', 'context', 'onRefusal')
  for (const [name, given] of Object.entries({ clock, context, onRefusal })) {
    if (given != null && typeof given !== 'function') throw wrongType(name, 'a function')
  }
  if (clock == null && context == null) return () => NOTHING
  return (request) => ({ context: refused(context?.(request)), now: refused(clock?.()) })
}

/** The same value. If it is a promise, it is refused as a wrong type, and its rejection must not end the process. */
function refused<T>(given: T): T {
  if (typeof given === 'object' && given !== null && 'then' in given) Promise.resolve(given).catch(() => undefined)
  return given
}

/** Returns the answer to a refusal, and then calls `onRefusal`, which can no longer change it. @internal */
export function reporter<Request>(options: GuardOptions<Request> | null | undefined): Report<Request> {
  const onRefusal = options?.onRefusal
  const tell = (request: Request, refusal: Refusal): void => {
    if (onRefusal == null || refusal.number === undefined) return
    try {
      const returned = onRefusal(request, denied(refusal.number))
      // A promise of any class: its rejection must not end the process.
      if (typeof returned === 'object') new Promise((resolve) => resolve(returned)).catch(warn)
    } catch (thrown) {
      warn(thrown)
    }
  }
  return (request, refusal, answer) => {
    try {
      return answer()
    } finally {
      // Also where the client has gone: a counter counts refusals, not answers.
      tell(request, refusal)
    }
  }
}

/** What calls `answer`, and then `onRefusal`. @internal */
export type Report<Request> = <T>(request: Request, refusal: Refusal, answer: () => T) => T

/** Says that `onRefusal` failed, and never throws. */
function warn(thrown: unknown): void {
  try {
    const warning = new Error(`onRefusal failed: ${asError(thrown).message}`, { cause: thrown })
    warning.name = 'SandgateWarning'
    if (typeof process === 'object' && typeof process.emitWarning === 'function') process.emitWarning(warning)
    else console.error(warning)
  } catch {
    // There is no other place to report it.
  }
}

/** Returns a function that returns the current one. Its result is checked every time, so that nothing else can allow a request. */
function currently<T extends object>(given: Current<T>, kind: abstract new (...args: never[]) => T, name: string): () => T {
  const wanted = `${name === 'edge' ? 'an' : 'a'} ${kind.name}`
  if (given instanceof kind) return () => given
  // A class is a function too, but not a provider.
  if (typeof given !== 'function' || (given as unknown) === kind) throw wrongType(name, `${wanted}, or a function that returns one`)
  return () => {
    const current = refused(given())
    if (!(current instanceof kind)) throw wrongType(name, `a function that returns ${wanted}`)
    return current
  }
}

/** The bodies of a controller's refusals, by number: to measure one takes longer than to decide. */
const BODIES: (readonly [body: string, length: number] | undefined)[] = []

function controllerRefusal(number: Number): Refusal {
  let written = BODIES[number]
  if (written === undefined) {
    const body = native.refusalBody(number)
    BODIES[number] = written = [body, bytesOf(body)]
  }
  return new Refusal(statusOf(number), written[0], number, written[1])
}

/** The rule for one request: all of its views are decided by the same controller. */
class Deciding {
  constructor(
    readonly controller: Controller,
    readonly asked: Asked,
  ) {}

  /** Undefined for a preflight, which goes to the app unchecked. */
  about(view: View, other: View | undefined): Allowed | Refusal | undefined {
    const { context, now } = this.asked
    const answer = guardAt(this.controller, view, other, context, now)
    if (isRefusal(answer)) return controllerRefusal(answer)
    return answer === undefined ? undefined : new Allowed(answer)
  }
}

/** Returns a function that takes the controller for one request. @internal */
export function controllerRule<Request>(controller: Current<Controller>, options: GuardOptions<Request> | null | undefined) {
  const [current, given] = [currently(controller, Controller, 'controller'), asking(options)]
  return (request: Request): Deciding => new Deciding(current(), given(request))
}

/** An edge's rule. @internal */
export function edgeRule<Request>(edges: Current<Edge>, lookup: Lookup, options: GuardOptions<Request> | null | undefined) {
  const current = currently(edges, Edge, 'edge')
  if (typeof lookup !== 'function') throw wrongType('lookup', 'a function')
  const given = asking(options)
  return async ({ view, other, whole }: Seen, request: Request): Promise<Found | Refusal> => {
    // The same edge for both steps: it may be replaced while the look-up waits.
    const edge = current()
    const { context, now } = given(request)
    const [method, target] = view
    const parts = routeAt(edge, view, other)
    if (typeof parts === 'number') return edgeRefusal(parts, undefined, target)
    const route = routeOf(parts)
    // The app may forward the target with the mount path.
    const screened = whole === undefined ? undefined : screenAt(edge, route, method, whole)
    if (screened !== undefined) return edgeRefusal(screened, route, whole!)
    const state = await lookup(route)
    if (state == null) return new Refusal(...native.unknownSandbox(route.sandboxId))
    Object.values(state).forEach(refused)
    const passed = passAt(edge, route, state, view, context, now)
    if (typeof passed === 'number') return edgeRefusal(passed, route, target)
    return { route, passed: new Passed(passed) }
  }
}

/** Returns an Error for any thrown value: frameworks read other values as "no error" or as an instruction to continue. @internal */
export function asError(thrown: unknown): Error {
  try {
    return errorOf(thrown)
  } catch {
    // Its own getters or traps throw. They would do so again for anyone who reads it.
    return new Error('a guard could not decide')
  }
}

function errorOf(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  // An error of another realm, such as Node's own in jest, is kept.
  const { message } = Object(thrown) as { message?: unknown }
  if (typeof message !== 'string') return new Error('a guard could not decide', { cause: thrown })
  return Object.assign(new Error(message, { cause: thrown }), thrown)
}
