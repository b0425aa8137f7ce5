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
import type { Allowed, Controller } from './controller.js';
import type { Edge, Passed } from './edge.js';
import { type Current, type GuardOptions, type Lookup } from './middleware.js';
import type { Route } from './route.js';
export type { Current, GuardOptions, Lookup };
/** What an edge lets through. */
export interface Forwarded {
    /** The request without what let it pass: no header, query parameter or cookie, and the host is `{port}-{sandboxId}.{domain}`. */
    readonly request: Request;
    readonly route: Route;
    /** Why it may pass. A connection that outlives its request may be cut at `expires`. */
    readonly passed: Passed;
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
export declare function guardController(controller: Current<Controller>, options?: GuardOptions<Request>): (request: Request) => Response | Allowed | undefined;
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
export declare function guardEdge(edge: Current<Edge>, lookup: Lookup, options?: GuardOptions<Request>): (request: Request) => Promise<Response | Forwarded>;
