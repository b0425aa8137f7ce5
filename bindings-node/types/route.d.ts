import type { Header, Text } from './values.js';
/** What a request says of where it goes. */
export interface RouteHeaders {
    /** `Host`. */
    host?: Header;
    /** `E2b-Sandbox-Id`. */
    sandboxId?: Header;
    /** `E2b-Sandbox-Port`. */
    port?: Header;
}
/**
 * The sandbox and the port that a request is for. Its text is the label of the host that leads there.
 *
 * @example
 * const route = Route.parse({ host: '8080-i94gcaqbpvohfr764s5l.e2b.app' })
 * route.sandboxId // 'i94gcaqbpvohfr764s5l'
 * route.port // 8080
 * String(route) // '8080-i94gcaqbpvohfr764s5l'
 */
export declare class Route {
    #private;
    /** The sandbox that is meant. */
    readonly sandboxId: string;
    /** The port in it. */
    readonly port: number;
    /**
     * @param sandboxId 1 to 63 characters of `[A-Za-z0-9_-]`, without `sandbox-traffic-` in front.
     * @param port 1 to 65535.
     * @throws {RangeError} `ERR_SANDGATE_SANDBOX_ID`, `ERR_SANDGATE_PORT`, `ERR_OUT_OF_RANGE` for what is no such number.
     * @throws {TypeError} for a value of the wrong type.
     */
    constructor(sandboxId: Text, port: number);
    /**
     * Reads `{port}-{sandbox_id}[-…].{domain}`, or the routing headers where the host names no sandbox.
     *
     * @throws {SandgateError} for what an edge answers with 400.
     * @throws {TypeError | RangeError} for wrong use.
     */
    static parse(headers: RouteHeaders): Route;
    /** The label of the host that leads there, `{port}-{sandboxId}`. */
    toString(): string;
}
