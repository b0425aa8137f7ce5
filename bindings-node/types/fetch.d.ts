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
