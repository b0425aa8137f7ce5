import { DISPOSE } from './dispose.js';
import type { Header, Text, Time } from './values.js';
import { type GuardRequest } from './head.js';
import { type Carrier, type Policy } from './policy.js';
import { type Route } from './route.js';
import { type Keyring } from './v1/keyring.js';
import { type TrafficKeyring } from './v2/traffic_keyring.js';
/** Why a request may pass. */
export declare class Passed {
    /** The reason: no restriction, the controller's port, the traffic token, a pass, or a signed host. */
    readonly basis: 'public' | 'controller_port' | 'token' | 'pass' | 'signed_host';
    /** Where the request carried the credential. */
    readonly carrier: Carrier | undefined;
    /** The last second for which the credential is valid, in Unix seconds. */
    readonly expires: number | undefined;
}
/** The options of an edge. Without keyrings, the state of each sandbox must have its traffic token. */
export interface EdgeOptions {
    policy?: Policy | null | undefined;
    /** The keyring that verifies v1. An edge that holds it could derive access tokens too. */
    v1Keyring?: Keyring | null | undefined;
    /** The keyring that verifies v2: `keyring.traffic()`, which opens no controller. */
    v2Keyring?: TrafficKeyring | null | undefined;
    /** The controllers' port, 49983 by default. */
    controllerPort?: number | null | undefined;
}
/** The state of a sandbox. Other property names are refused: a misspelt generation would be 0. */
export interface SandboxState {
    /** Whether traffic needs a credential. */
    restricted: boolean;
    /** The current generation of the traffic credentials, 0 by default. */
    generation?: number | bigint | null | undefined;
    /** Its traffic token, for an edge without a keyring. */
    trafficToken?: Text | null | undefined;
}
/** The part of a request that is screened. */
export interface ScreenedRequest {
    method: Text;
    /** Path and query of the request line, still percent-encoded: `request.url` of `node:http`. */
    target: Text;
}
/** A request to an edge. */
export interface EdgeRequest extends ScreenedRequest {
    /** `e2b-traffic-access-token`. */
    trafficToken?: Header;
    /** `Cookie`. */
    cookies?: Header;
    /** The context: a value that both sides know of the client, 1 to 255 bytes (v2). */
    context?: Text | null | undefined;
    /** The current time; otherwise the clock is read. */
    now?: Time | null | undefined;
}
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
export declare class Edge {
    #private;
    /** @throws {TypeError | RangeError} for wrong use. */
    constructor(options?: EdgeOptions);
    /**
     * Refuses a request that must not be forwarded, before the look-up: routes that only the platform may call, and ambiguous targets. You
     * may pass the same request as to `check`.
     *
     * @throws {SandgateError} if the request is refused.
     * @throws {TypeError | RangeError} for wrong use.
     */
    screen(route: Route, request: ScreenedRequest): void;
    /**
     * Decides about a request, and screens it too.
     *
     * @throws {SandgateError} if the request is refused.
     * @throws {TypeError | RangeError} for wrong use.
     */
    check(route: Route, state: SandboxState, request: EdgeRequest): Passed;
    /**
     * Returns the carrier of the credential that decides, for the log of a refusal. Undefined if there is none, or none is required.
     *
     * @throws {TypeError | RangeError} for wrong use.
     */
    carrier(route: Route, state: SandboxState, request: EdgeRequest): Carrier | undefined;
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
    route(request: GuardRequest): Route;
    /**
     * Decides about a request after `route` has found its route and its sandbox was looked up.
     *
     * @throws {SandgateError} if the request is refused.
     * @throws {TypeError | RangeError} for wrong use.
     */
    guard(route: Route, state: SandboxState, request: GuardRequest): Passed;
    /** Wipes its secrets at once. Whatever is called later throws an `Error`, `ERR_SANDGATE_DISPOSED`. */
    dispose(): void;
    /** The same, for `using`. */
    [DISPOSE](): void;
}
