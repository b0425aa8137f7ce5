import { DISPOSE } from './dispose.js';
import type { Header, Text, Time } from './values.js';
import { type GuardRequest } from './head.js';
import { type Carrier, type Policy } from './policy.js';
import { type Route } from './route.js';
import { type Keyring } from './v1/keyring.js';
import { type TrafficKeyring } from './v2/traffic_keyring.js';
/** Why a request may pass. */
export declare class Passed {
    /** No restriction, the controller's port, the traffic token, a pass, or a signed host. */
    readonly basis: 'public' | 'controller_port' | 'token' | 'pass' | 'signed_host';
    /** Where what decided was carried. */
    readonly carrier: Carrier | undefined;
    /** The last second of what was presented, in Unix seconds. */
    readonly expires: number | undefined;
}
/** What an edge knows beside the requests. Without keyrings it is told each sandbox's traffic token. */
export interface EdgeOptions {
    policy?: Policy | null | undefined;
    /** What verifies v1. Whoever holds it can derive access tokens too. */
    v1Keyring?: Keyring | null | undefined;
    /** What verifies v2: `keyring.traffic()`, which opens no controller. */
    v2Keyring?: TrafficKeyring | null | undefined;
    /** The controllers' port, otherwise 49983. */
    controllerPort?: number | null | undefined;
}
/** What the edge knows of a sandbox, with these names and no others: a misspelt generation would be 0. */
export interface SandboxState {
    /** Whether traffic needs a credential. */
    restricted: boolean;
    /** The generation of the traffic credentials that are right, otherwise 0. */
    generation?: number | bigint | null | undefined;
    /** Its traffic token, where the edge is told each one's. */
    trafficToken?: Text | null | undefined;
}
/** As much of a request as is screened. */
export interface ScreenedRequest {
    method: Text;
    /** Path and query of the request line, still percent-encoded: `request.url` of `node:http`. */
    target: Text;
}
/** A request as an edge looks at it. */
export interface EdgeRequest extends ScreenedRequest {
    /** `e2b-traffic-access-token`. */
    trafficToken?: Header;
    /** `Cookie`. */
    cookies?: Header;
    /** What both sides know of the client, 1 to 255 bytes (v2). */
    context?: Text | null | undefined;
    /** When it is, otherwise the clock says. */
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
     * Refuses what is refused before the sandbox is looked up: routes that only the platform itself may call. The request may be
     * the one for `check`.
     *
     * @throws {SandgateError} if the request is refused.
     * @throws {TypeError | RangeError} for wrong use.
     */
    screen(route: Route, request: ScreenedRequest): void;
    /**
     * Decides, screening included.
     *
     * @throws {SandgateError} if the request is refused.
     * @throws {TypeError | RangeError} for wrong use.
     */
    check(route: Route, state: SandboxState, request: EdgeRequest): Passed;
    /**
     * Where what decides is carried, for the log of a refusal; undefined where there is nothing, or nothing is asked for.
     *
     * @throws {TypeError | RangeError} for wrong use.
     */
    carrier(route: Route, state: SandboxState, request: EdgeRequest): Carrier | undefined;
    /**
     * Where a request as a server received it is to go: the host, the routing headers and the screening. The caller then looks up
     * the sandbox and asks `guard`.
     *
     * @throws {SandgateError} if the request is refused; with 400 where its two views differ.
     * @throws {TypeError | RangeError} for wrong use.
     *
     * @example
     * const route = edge.route(request)
     * const state = await lookup(route.sandboxId)
     * const passed = edge.guard(route, state, request)
     */
    route(request: GuardRequest): Route;
    /**
     * Decides about a request whose route `route` has found and whose sandbox was looked up.
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
