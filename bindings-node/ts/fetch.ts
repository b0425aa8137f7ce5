/**
 * The controller's and the edge's rule for a `Request`: Hono, `Bun.serve`, `Deno.serve` and whatever else speaks it.
 *
 *     const guard = guardController(new Controller(accessToken))
 *     app.use(async (c, next) => {
 *       const checked = guard(c.req.raw)
 *       if (checked instanceof Response) return checked // the refusal, with the status and the body of the spec
 *       c.set('grant', checked?.grant) // undefined for a preflight, and on routes that grant nothing
 *       await next()
 *     })
 *
 * A `Request` does not say all that was on the wire, and what is left to guess is refused:
 *
 * - Its URL is mostly normalised: dot segments are resolved, `\` is `/`, the host is in lower case. The rule holds for the URL that the
 *   app sees; where the runtime leaves it as it was, so does the guard.
 * - A header given twice arrives joined by a comma. A comma in a header of ours counts as two values, which is malformed: a token
 *   that has one cannot be presented here.
 * - The host is that of the `Host` header. Where the URL names another one, as for a target with a host of its own, it leads nowhere.
 * - A WebSocket needs the token, whatever its path: what upgrades a request mostly looks at none.
 * - The body is not read, neither of a request that is refused nor of one that is allowed.
 *
 * In place of the controller or the edge a function may be given, which is called once for each request and returns the one that holds
 * then: `guardController(() => current)`. To replace it, assign a new one; a request that is under way keeps its own.
 *
 * What cannot be read or sent on as a `Request` is answered with 400. An error of `clock`, `context` or such a function is thrown by a
 * controller's guard; an edge's guard rejects. CORS middleware belongs outside.
 */
import type { Allowed, Controller } from './controller.js'
import type { Edge, Passed } from './edge.js'
import { forwardHeader, forwardTarget } from './forward.js'
import { BODY, DECIDING, JOINED } from './head.js'
import type { View } from './values.js'
import { asConnect } from './http_view.js'
import { controllerRule, type Current, edgeRule, type GuardOptions, type Lookup, Refusal, reporter, UNREADABLE } from './middleware.js'
import type { Route } from './route.js'

export type { Current, GuardOptions, Lookup }

/** What an edge lets through. */
export interface Forwarded {
  /** The request without what let it pass: no header, query parameter or cookie, and the host is `{port}-{sandboxId}.{domain}`. */
  readonly request: Request
  readonly route: Route
  /** Why it may pass. A connection that outlives its request may be cut at `expires`. */
  readonly passed: Passed
}

/**
 * The controller's rule: the refusal, or why the request is allowed; undefined for a CORS preflight, which is the app's to answer.
 *
 * @param controller The controller, or a function that returns the one that holds now.
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
    const view = read(() => viewOf(request, []))
    if (view === undefined) return refuse(request, UNREADABLE.route)
    const decide = rule(request)
    const isSocket = asksForWebSocket(request)
    const ask = (view: View) => {
      const seen = { view, other: undefined }
      return decide(isSocket ? asConnect(seen) : seen)
    }
    let checked = ask(view)
    // Asked late: to look at the body makes some runtimes build one.
    if (checked === undefined && hasBody(request)) checked = ask(withBody(view))
    return checked instanceof Refusal ? refuse(request, checked) : checked
  }
}

/**
 * The edge's rule: the refusal, or the request as it is forwarded.
 *
 * @param edge The edge, or a function that returns the one that holds now.
 * @param lookup Is given the `Route` of a request and says, at once or by a promise, what is known of the sandbox. One that is not
 * there is answered as E2B's proxy does, with 502.
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
    const view = read(() => viewOf(request, hosts(request)))
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
  return new Response(request.method === 'HEAD' ? null : body, { status, headers })
}

/** Path and query as they stand in a URL, which a runtime may not have normalised. */
function targetOf(url: string): string {
  return url.replace(/^[^/]*\/\/[^/?#\\]*/, '')
}

/** What is read of a request; undefined where the runtime cannot read it. */
function read<T>(parts: () => T): T | undefined {
  try {
    return parts()
  } catch {
    return undefined
  }
}

/** Names that `Headers` has: those of HTTP/2 with a colon it refuses. */
const NAMES = [...DECIDING].filter((name) => name !== 'host' && !name.startsWith(':'))

function viewOf(request: Request, hosts: readonly string[]): View {
  const { headers, method, url } = request
  const lines = hosts.flatMap((host) => ['host', host])
  for (const name of NAMES) {
    const value = headers.get(name)
    if (value !== null) lines.push(name, value)
  }
  return [method, targetOf(url), lines, JOINED]
}

/** Whether a runtime may make a WebSocket of it. Upgrades to anything else it ignores. */
function asksForWebSocket({ headers }: Request): boolean {
  return headers.get('upgrade')?.toLowerCase().includes('websocket') === true
}

function withBody([method, target, lines, flags]: View): View {
  return [method, target, lines, flags | BODY]
}

/** The host of the header, and that of the URL where it is another one: two hosts, which core refuses. */
function hosts({ headers, url }: Request): string[] {
  const [given, { host, protocol }] = [headers.get('host'), new URL(url)]
  if (given === null) return [host]
  return read(() => new URL(`${protocol}//${given}`).host) === host ? [given] : [given, host]
}

/**
 * Whether there is a body that no header need tell of. Deno and `@hono/node-server` hand over a stream with every request that may
 * have one, empty or not: there the headers alone tell, which is all there is to know in HTTP/1.
 */
function hasBody(request: Request): boolean {
  // By the platform's own getter, which refuses what stands in for a `Request` and would be built now.
  return !('Deno' in globalThis) && read(() => bodyOf.call(request) !== null) === true
}

const bodyOf = getterOf(Request.prototype, 'body')

/** Also where `Request` was replaced by a class that extends it. */
function getterOf(prototype: object, name: string): () => unknown {
  const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get
  return getter ?? getterOf(Object.getPrototypeOf(prototype) as object, name)
}

/** The request as it goes on; undefined for one that cannot be sent by `fetch`. */
function onward(request: Request): Request | undefined {
  try {
    return forwarded(request)
  } catch (error) {
    // Not the client's doing.
    if (request.bodyUsed || request.body?.locked === true) throw error
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
