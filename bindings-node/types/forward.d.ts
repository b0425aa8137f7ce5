import { Route } from './route.js';
import { type Text } from './values.js';
/** The header of a traffic token or pass. An edge removes it before it forwards a request. */
export declare const TRAFFIC_HEADER: "e2b-traffic-access-token";
/** The query parameter of a traffic pass. */
export declare const TRAFFIC_PARAMETER: "sandgate_traffic";
/** The cookie of a traffic pass. */
export declare const TRAFFIC_COOKIE: "__Host-sandgate-traffic";
/**
 * A raw query without the parameter that only the edge reads: what runs in the sandbox has no business with it.
 *
 * @returns A string for a string, otherwise bytes.
 * @throws {TypeError | RangeError} for wrong use.
 */
export declare function forwardQuery(query: string): string;
export declare function forwardQuery(query: Uint8Array): Uint8Array;
export declare function forwardQuery(query: Text): Text;
/**
 * A `Cookie` line without the cookie that only the edge reads; empty where none stays.
 *
 * @returns A string for a string, otherwise bytes.
 * @throws {TypeError | RangeError} for wrong use.
 */
export declare function forwardCookies(line: string): string;
export declare function forwardCookies(line: Uint8Array): Uint8Array;
export declare function forwardCookies(line: Text): Text;
/**
 * A host with the route in the place of its left-most label; as it is where it leaves the route to headers.
 *
 * @returns A string for a string, otherwise bytes.
 * @throws {TypeError | RangeError} for wrong use.
 */
export declare function forwardHost(host: string, route: Route): string;
export declare function forwardHost(host: Uint8Array, route: Route): Uint8Array;
export declare function forwardHost(host: Text, route: Route): Text;
