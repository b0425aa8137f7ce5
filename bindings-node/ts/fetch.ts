/**
 * The controller's and the edge's rule for a `Request`: Hono, `Bun.serve`, `Deno.serve` and whatever else speaks it.
 *
 *     const guard = guardController(new Controller(accessToken))
 *     app.use(async (c, next) => {
 *       const checked = guard(c.req.raw)
 *       if (checked instanceof Response) return checked // the refusal, with the status and the body of the spec
 *       c.set('grant', checked?.grant)
 *       await next()
 *     })
 *
 * A `Request` does not say all that was on the wire, and what is left to guess is refused:
 *
 * - Its URL is mostly normalised: dot segments are resolved, `\` is `/`, the host is in lower case. The rule holds for the URL that the
 *   app sees; where the runtime leaves it as it was, the normalised one has to be let through too.
 * - A header given twice arrives joined by a comma. A comma in a header of ours counts as two values, which is malformed: a token
 *   that has one cannot be presented here.
 * - The host is that of the `Host` header. Where the URL names another one, as for a target with a host of its own, it leads nowhere.
 * - The body is not read, neither of a request that is refused nor of one that is allowed.
 *
 * An error of `clock` or `context` is thrown by a controller's guard; an edge's guard rejects. CORS middleware belongs outside.
 */
import type { Allowed, Controller } from './controller.js'
import type { Edge, Passed } from './edge.js'
import { forwardCookies, forwardHost, TRAFFIC_COOKIE, TRAFFIC_HEADER } from './forward.js'
import { type Asked, controllerRule, edgeRule, forwardedTarget, type GuardOptions, type Lookup, Refusal } from './middleware.js'
import type { Route } from './route.js'

export type { GuardOptions, Lookup }

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
  controller: Controller,
  options?: GuardOptions<Request>,
): (request: Request) => Response | Allowed | undefined {
  const rule = controllerRule(controller, options)
  return (request) => {
    const checked = rule(asked(request), request)
    return checked instanceof Refusal ? answer(request, checked) : checked
  }
}

/**
 * The edge's rule: the refusal, or the request as it is forwarded.
 *
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
  edge: Edge,
  lookup: Lookup,
  options?: GuardOptions<Request>,
): (request: Request) => Promise<Response | Forwarded> {
  const rule = edgeRule(edge, lookup, options)
  return async (request) => {
    const found = await rule(asked(request), request)
    if (found instanceof Refusal) return answer(request, found)
    const { route, passed } = found
    return { request: forwarded(request, route), route, passed }
  }
}

function answer(request: Request, { status, headers, body }: Refusal): Response {
  return new Response(request.method === 'HEAD' ? null : body, { status, headers })
}

/** Path and query as they stand in a URL, which a runtime may not have normalised. */
function targetOf(url: string): string {
  return url.replace(/^[^/]*\/\/[^/?#\\]*/, '')
}

function asked(request: Request): Asked {
  const url = new URL(request.url)
  const [seen, normal] = [targetOf(request.url), url.pathname + url.search]
  return {
    method: request.method,
    targets: seen === normal ? [seen] : [seen, normal],
    values: (...names) => names.flatMap((name) => (name === 'host' ? hosts(request, url) : values(request, name))),
  }
}

function values({ headers }: Request, name: string): string[] {
  // Only HTTP/2 has names with a colon, and Headers has none of them.
  const value = name.startsWith(':') ? null : headers.get(name)
  if (value === null) return []
  // Where cookies are joined by a comma, one of ours is then in another's value, and does not count.
  return name === 'cookie' ? [value] : value.split(',')
}

/** The host of the header, and that of the URL where it is another one. */
function hosts(request: Request, url: URL): string[] {
  const given = values(request, 'host')
  return given.length === 1 && hostOf(`${url.protocol}//${given[0]}`) === url.host ? given : [...given, url.host]
}

function hostOf(url: string): string | undefined {
  try {
    return new URL(url).host
  } catch {
    return undefined
  }
}

function forwarded(request: Request, route: Route): Request {
  const url = new URL(request.url)
  const headers = new Headers(request.headers)
  headers.delete(TRAFFIC_HEADER)
  rewrite(headers, 'cookie', forwardedCookies)
  rewrite(headers, 'host', (host) => forwardHost(host, route))
  const target = forwardedTarget(targetOf(request.url))
  const { method, body, signal } = request
  const init = { method, headers, body, signal, redirect: 'manual', duplex: 'half' } as const
  return new Request(`${url.protocol}//${forwardHost(url.host, route)}${target}`, init)
}

function rewrite(headers: Headers, name: string, change: (value: string) => string): void {
  const value = headers.get(name)
  if (value === null) return
  const changed = change(value)
  if (changed === '') headers.delete(name)
  else headers.set(name, changed)
}

/** Where lines are joined by a comma, ours may stand inside of what looks like another cookie. */
function forwardedCookies(line: string): string {
  return forwardCookies(line)
    .split('; ')
    .filter((piece) => !piece.includes(TRAFFIC_COOKIE))
    .join('; ')
}
