import { Route } from './route.js';
import { type Text } from './values.js';
/** The header of a traffic token or pass. An edge removes it before it forwards a request. */
export declare const TRAFFIC_HEADER: "e2b-traffic-access-token";
/** The query parameter of a traffic pass. */
export declare const TRAFFIC_PARAMETER: "sandgate_traffic";
/** The cookie of a traffic pass. */
export declare const TRAFFIC_COOKIE: "__Host-sandgate-traffic";
/**
 * Every header, in lower case, that `forwardHeader` removes or may rewrite: those that carry a credential, and those in which browsers and
 * proxies repeat the host or the target.
 */
export declare const FORWARD_HEADERS: readonly string[];
/**
 * Returns the value of a header line to forward. The left-most label of a host becomes `{port}-{sandboxId}`, and credentials are removed
 * from the headers in which proxies repeat the host or the target.
 *
 * @returns undefined if the line is removed.
 * @throws {TypeError} for wrong use.
 *
 * @example
 * forwardHeader('Host', '8080-abc-anything.e2b.app') // '8080-abc.e2b.app'
 * forwardHeader('E2b-Traffic-Access-Token', token) // undefined
 */
export declare function forwardHeader(name: string, value: string): string | undefined;
/**
 * Returns the target, path and query, without the parameter that only the edge reads. Everything else is unchanged.
 *
 * @throws {TypeError} for wrong use.
 *
 * @example
 * forwardTarget('/a?sandgate_traffic=sg2p.x&b=%zz') // '/a?b=%zz'
 */
export declare function forwardTarget(target: string): string;
/**
 * Returns a raw query without the parameter that only the edge reads.
 *
 * @returns A string for a string, otherwise bytes.
 * @throws {TypeError | RangeError} for wrong use.
 */
export declare function forwardQuery(query: string): string;
export declare function forwardQuery(query: Uint8Array): Uint8Array;
export declare function forwardQuery(query: Text): Text;
/**
 * Returns a `Cookie` line without the cookie that only the edge reads. It is empty if no cookie is left.
 *
 * @returns A string for a string, otherwise bytes.
 * @throws {TypeError | RangeError} for wrong use.
 */
export declare function forwardCookies(line: string): string;
export declare function forwardCookies(line: Uint8Array): Uint8Array;
export declare function forwardCookies(line: Text): Text;
/**
 * Returns a host with the route in place of its left-most label. A host that leaves the route to headers is unchanged.
 *
 * @returns A string for a string, otherwise bytes.
 * @throws {TypeError | RangeError} for wrong use.
 */
export declare function forwardHost(host: string, route: Route): string;
export declare function forwardHost(host: Uint8Array, route: Route): Uint8Array;
export declare function forwardHost(host: Text, route: Route): Text;
/** The deciding headers, in lower case. Your own middleware must pass at least these to `guard`, each line as received. */
export declare const DECIDING_HEADERS: readonly string[];
/** The answer of an edge for an unknown sandbox. */
export interface UnknownSandbox {
    readonly status: number;
    /** The JSON body, which names the sandbox. */
    readonly body: string;
}
/**
 * Returns the answer of an edge for an unknown sandbox: the status and the JSON body of E2B's proxy.
 *
 * @throws {TypeError | RangeError} for wrong use.
 */
export declare function unknownSandbox(sandboxId: Text): UnknownSandbox;
