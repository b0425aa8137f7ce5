import type { Controller } from './controller.js';
import { type Edge, type EdgeRequest, type SandboxState } from './edge.js';
import type { Route } from './route.js';
import type { Header } from './values.js';
/** A request to a paused sandbox. */
export interface WakeRequest extends EdgeRequest {
    /** `X-Access-Token`. */
    accessToken?: Header;
}
/**
 * Decides whether a request may wake a paused sandbox. `edge` and `controller` are those that would decide about the request if the sandbox
 * ran: `Controller.open()` for one that was created with `secure: false`. The party that holds the access secrets, the API server, calls this
 * before it starts the sandbox; an edge asks it.
 *
 * | request to | sandbox | needs |
 * | --- | --- | --- |
 * | another port than the controller's | restricted | what opens the port: the traffic token, a pass, a signed host |
 * | another port than the controller's | public | nothing |
 * | the controller's port | secure | the access token, also for `GET /health`; on a file route a signature serves too |
 * | the controller's port | not secure | nothing |
 *
 * A controller that waits wakes for nobody: nobody knows its token.
 *
 * @throws {SandgateError} if the request wakes nothing: status 403 with the gate "wake"; or it is a request that an edge never forwards.
 * Answer with its `edgeBody`.
 * @throws {TypeError | RangeError} for wrong use.
 *
 * @example
 * wake.check(edge, new Controller(keyring.accessToken(route.sandboxId)), route, { restricted: true }, {
 *   method: request.method,
 *   target: request.url,
 *   accessToken: request.headersDistinct['x-access-token'],
 *   trafficToken: request.headersDistinct['e2b-traffic-access-token'],
 * })
 */
export declare function check(edge: Edge, controller: Controller, route: Route, state: SandboxState, request: WakeRequest): void;
