import type { Header, Text } from './values.js';
/** The headers from which a route is found. */
export interface RouteHeaders {
    /** `Host`. */
    host?: Header;
    /** `E2b-Sandbox-Id`. */
    sandboxId?: Header;
    /** `E2b-Sandbox-Port`. */
    port?: Header;
}
/**
 * The sandbox and the port that a request is for. Its text is the host's label for this route.
 *
 * @example
 * const route = Route.parse({ host: '8080-i94gcaqbpvohfr764s5l.e2b.app' })
 * route.sandboxId // 'i94gcaqbpvohfr764s5l'
 * route.port // 8080
 * String(route) // '8080-i94gcaqbpvohfr764s5l'
 */
export declare class Route {
    #private;
    /** The id of the sandbox. */
    readonly sandboxId: string;
    /** The port in the sandbox. */
    readonly port: number;
    /**
     * @param sandboxId 1 to 63 characters of `[A-Za-z0-9_-]`, without `sandbox-traffic-` in front.
     * @param port 1 to 65535.
     * @throws {RangeError} `ERR_SANDGATE_SANDBOX_ID`, `ERR_SANDGATE_PORT`, `ERR_OUT_OF_RANGE` for a number outside the range.
     * @throws {TypeError} for a value of the wrong type.
     */
    constructor(sandboxId: Text, port: number);
    /**
     * Parses `{port}-{sandbox_id}[-…].{domain}`, or the routing headers if the host names no sandbox.
     *
     * @throws {SandgateError} for a request that an edge answers with 400.
     * @throws {TypeError | RangeError} for wrong use.
     */
    static parse(headers: RouteHeaders): Route;
    /** The host's label for this route, `{port}-{sandboxId}`. */
    toString(): string;
}
/**
 * Returns the id of a sandbox that an old client calls `{sandboxID}-{clientID}`: the part before the first `-`. An id without a `-` is
 * returned as it is. Shorten an id before anything is derived from it: the long form has other tokens.
 *
 * @throws {RangeError} `ERR_SANDGATE_LONG_SANDBOX_ID` if that part is not 1 to 63 characters of `[a-z0-9]`.
 * @throws {TypeError} for a value of the wrong type.
 *
 * @example
 * shortenSandboxId('i94gcaqbpvohfr764s5l-2f7b3ac1') // 'i94gcaqbpvohfr764s5l'
 */
export declare function shortenSandboxId(id: Text): string;
