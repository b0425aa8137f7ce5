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
import type { Allowed, Controller } from './controller.js';
import type { Edge, Passed } from './edge.js';
import { type Current, type GuardOptions, type Lookup } from './middleware.js';
import type { Route } from './route.js';
export type { Current, GuardOptions, Lookup };
/** A request that an edge allows. */
export interface Forwarded {
    /** The request without its credentials in header, query or cookie. Its host is `{port}-{sandboxId}.{domain}`. */
    readonly request: Request;
    readonly route: Route;
    /** Why it may pass. A connection that outlives its request may be cut at `expires`. */
    readonly passed: Passed;
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
export declare function guardController(controller: Current<Controller>, options?: GuardOptions<Request>): (request: Request) => Response | Allowed | undefined;
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
export declare function guardEdge(edge: Current<Edge>, lookup: Lookup, options?: GuardOptions<Request>): (request: Request) => Promise<Response | Forwarded>;
