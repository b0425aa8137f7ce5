/**
 * The controller's and the edge's rule for a `Request`: Hono, `Bun.serve`, `Deno.serve` and any other server that uses it.
 *
 *     const guard = guardController(new Controller(accessToken))
 *     app.use(async (c, next) => {
 *       const checked = guard(c.req.raw)
 *       if (checked instanceof Response) return checked // the refusal, with the status and the body of the spec
 *       c.set('grant', checked?.grant) // undefined for a preflight, and on routes that grant nothing
 *       await next()
 *     })
 *
 * A `Request` does not preserve everything that was on the wire. The guard refuses a request that is ambiguous for this reason:
 *
 * - Its URL is mostly normalised: dot segments are resolved, `\` is `/`, the host is in lower case. The guard applies the rule to the URL
 *   that the app sees, normalised or not.
 * - Repeated headers arrive joined with a comma. A comma in a deciding header counts as two values, which is malformed, so a token that
 *   contains a comma cannot be used here.
 * - The host is that of the `Host` header. A request whose URL names another host, as from a target that contains one, is refused.
 * - A WebSocket needs the token on every path, because most upgrade handlers ignore the path.
 * - The guard never reads the body.
 *
 * A controller that waits refuses everything but `GET /health` and `POST /init`: preflights and WebSockets too. `POST /init` goes to the app,
 * which reads the body, with a limit, and calls `controller.initialize`. The guard decides about the next request by the new token.
 *
 * Instead of the controller or the edge you can pass a function that returns the current one: `guardController(() => current)`. The guard
 * calls it once per request. To replace the controller, assign a new one; a request in progress keeps its own.
 *
 * A request that cannot be read or forwarded as a `Request` is answered with 400. If `clock`, `context` or such a function throws, a
 * controller's guard throws and an edge's guard rejects. CORS middleware belongs outside.
 */
import type { Allowed, Controller } from './controller.js'
import { wrongType } from './arguments.js'
import type { Edge, Passed } from './edge.js'
import { forwardHeader, forwardTarget } from './forward.js'
import { BODY, DECIDING, JOINED } from './head.js'
import type { View } from './values.js'
import { asConnect } from './http_view.js'
import { native } from './native.js'
import { controllerRule, type Current, edgeRule, type GuardOptions, type Lookup, Refusal, reporter, UNREADABLE } from './middleware.js'
import type { Route } from './route.js'

export type { Current, GuardOptions, Lookup }

/** A request that an edge allows. */
export interface Forwarded {
  /** The request without its credentials in header, query or cookie. Its host is `{port}-{sandboxId}.{domain}`. */
  readonly request: Request
  readonly route: Route
  /** Why it may pass. A connection that outlives its request may be cut at `expires`. */
  readonly passed: Passed
}

/**
 * Returns the controller's guard. It returns the refusal, or why the request is allowed; undefined for a CORS preflight, which the app
 * answers. A controller that waits refuses it too.
 *
 * @param controller The controller, or a function that returns the current one.
 * @throws {TypeError} for wrong use.
 *
 * @example
 * const guard = guardController(new Controller(accessToken))
 * Bun.serve({
 *   fetch(request) {
 *     const checked = guard(request)
 *     return checked instanceof Response ? checked : answer(request, checked?.grant)
 *   },
 * })
 */
export function guardController(
  controller: Current<Controller>,
  options?: GuardOptions<Request>,
): (request: Request) => Response | Allowed | undefined {
  const [rule, refuse] = [controllerRule(controller, options), refuser(options)]
  return (request) => {
    aRequest(request)
    const view = read(() => viewOf(request, [], ofController))
    if (view === undefined) return refuse(request, UNREADABLE.route)
    const deciding = rule(request)
    const isSocket = asksForWebSocket(request)
    const ask = (view: View) => deciding.about(isSocket ? asConnect({ view, other: undefined }).view : view, undefined)
    let checked = ask(view)
    // Read late, because reading `body` makes some runtimes build one.
    if (checked === undefined && hasBody(request)) checked = ask(withBody(view))
    return checked instanceof Refusal ? refuse(request, checked) : checked
  }
}

/**
 * Returns the edge's guard. It returns the refusal, or the request to forward.
 *
 * @param edge The edge, or a function that returns the current one.
 * @param lookup Takes the `Route` of a request and returns the state of the sandbox, or a promise of it. An unknown sandbox is answered
 * with 502, as by E2B's proxy.
 * @throws {TypeError} for wrong use.
 *
 * @example
 * const guard = guardEdge(new Edge({ v2Keyring }), (route) => states.get(route.sandboxId))
 * Deno.serve(async (request) => {
 *   const checked = await guard(request)
 *   return checked instanceof Response ? checked : forward(checked.request, checked.route)
 * })
 */
export function guardEdge(
  edge: Current<Edge>,
  lookup: Lookup,
  options?: GuardOptions<Request>,
): (request: Request) => Promise<Response | Forwarded> {
  const [rule, refuse] = [edgeRule(edge, lookup, options), refuser(options)]
  return async (request) => {
    aRequest(request)
    const view = read(() => viewOf(request, hosts(request), ofEdge))
    if (view === undefined) return refuse(request, UNREADABLE.host)
    const found = await rule({ view, other: undefined }, request)
    if (found instanceof Refusal) return refuse(request, found)
    const sent = onward(request)
    return sent === undefined ? refuse(request, UNREADABLE.target) : { request: sent, ...found }
  }
}

function refuser(options: GuardOptions<Request> | undefined): (request: Request, refusal: Refusal) => Response {
  const report = reporter(options)
  return (request, refusal) => report(request, refusal, () => answer(request, refusal))
}

function answer(request: Request, { status, headers, body }: Refusal): Response {
  const isHead = read(() => request.method === 'HEAD') === true
  return new Response(isHead ? null : body, { status, headers })
}

function aRequest(request: Request): void {
  if (typeof request !== 'object' || request === null) throw wrongType('request', 'a Request')
}

/** Path and query of a URL, which the runtime may not have normalised. */
function targetOf(url: string): string {
  const slash = url.indexOf('/')
  if (slash < 0 || url[slash + 1] !== '/') return url
  let at = slash + 2
  while (at < url.length && !'/?#\\'.includes(url[at]!)) at++
  return url.slice(at)
}

/** The parts of a request that are read; undefined if the runtime cannot read it. */
function read<T>(parts: () => T): T | undefined {
  try {
    return parts()
  } catch {
    return undefined
  }
}

/** Names that `Headers` accepts: it refuses those of HTTP/2, which begin with a colon. */
const NAMES = [...DECIDING].filter((name) => name !== 'host' && !name.startsWith(':'))

/** The headers that a controller reads; to look one up takes long. */
function ofController(method: string): readonly string[] {
  return method === native.headers.preflightMethod ? NAMES : [native.headers.accessToken]
}

function ofEdge(): readonly string[] {
  return NAMES
}

function viewOf(request: Request, hosts: readonly string[], namesOf: (method: string) => readonly string[]): View {
  const { headers, method, url } = request
  const lines = hosts.flatMap((host) => ['host', host])
  for (const name of namesOf(method)) {
    const value = headers.get(name)
    if (value !== null) lines.push(name, value)
  }
  return [method, targetOf(url), lines, JOINED]
}

/** Whether a runtime may upgrade the request to a WebSocket. It ignores upgrades to anything else. */
function asksForWebSocket({ headers }: Request): boolean {
  return headers.get('upgrade')?.toLowerCase().includes('websocket') === true
}

function withBody([method, target, lines, flags]: View): View {
  return [method, target, lines, flags | BODY]
}

/** The host of the header, and that of the URL if it differs: core refuses two hosts. */
function hosts({ headers, url }: Request): string[] {
  const [given, { host, protocol }] = [headers.get('host'), new URL(url)]
  if (given === null) return [host]
  return read(() => new URL(`${protocol}//${given}`).host) === host ? [given] : [given, host]
}

/**
 * Whether there is a body that no header announces. Deno and `@hono/node-server` provide a stream with every request that may have a body,
 * empty or not. There only the headers decide, which is reliable in HTTP/1.
 */
function hasBody(request: Request): boolean {
  // Through the platform's own getter, which refuses a substitute for `Request` that would be built only now.
  return !('Deno' in globalThis) && read(() => bodyOf.call(request) !== null) === true
}

const bodyOf = getterOf(Request.prototype, 'body')

/** Also if `Request` was replaced by a class that extends it. */
function getterOf(prototype: object, name: string): () => unknown {
  const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get
  return getter ?? getterOf(Object.getPrototypeOf(prototype) as object, name)
}

/** Returns the request to forward; undefined if `fetch` cannot send it. */
function onward(request: Request): Request | undefined {
  try {
    return forwarded(request)
  } catch (error) {
    // Not the client's fault.
    if (read(() => request.bodyUsed || request.body?.locked === true) === true) throw error
    return undefined
  }
}

function forwarded(request: Request): Request {
  const url = new URL(request.url)
  const headers = new Headers()
  for (const [name, given] of request.headers) {
    const value = forwardHeader(name, given)
    if (value !== undefined) headers.append(name, value)
  }
  const host = forwardHeader('host', url.host) ?? ''
  const { method, body, signal } = request
  const init = { method, headers, body, signal, redirect: 'manual', duplex: 'half' } as const
  return new Request(`${url.protocol}//${host}${forwardTarget(targetOf(request.url))}`, init)
}
