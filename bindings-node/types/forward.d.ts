import { Route } from './route.js';
import { type Text } from './values.js';
/** The header of a traffic token or pass. An edge removes it before it forwards a request. */
export declare const TRAFFIC_HEADER: "e2b-traffic-access-token";
/** The query parameter of a traffic pass. */
export declare const TRAFFIC_PARAMETER: "sandgate_traffic";
/** The cookie of a traffic pass. */
export declare const TRAFFIC_COOKIE: "__Host-sandgate-traffic";
/**
 * Every header, in lower case, that `forwardHeader` removes or may rewrite: those that carry a credential, and those in which
 * browsers and proxies repeat the host or the target of a request.
 */
export declare const FORWARD_HEADERS: readonly string[];
/**
 * What becomes of a header line when an edge forwards a request. The left-most label of a host becomes `{port}-{sandboxId}`, and
 * credentials are cut out of the headers in which proxies repeat the host or the target.
 *
 * @returns undefined where the line does not go on.
 * @throws {TypeError} for wrong use.
 *
 * @example
 * forwardHeader('Host', '8080-abc-anything.e2b.app') // '8080-abc.e2b.app'
 * forwardHeader('E2b-Traffic-Access-Token', token) // undefined
 */
export declare function forwardHeader(name: string, value: string): string | undefined;
/**
 * The target, path and query, without the parameter that only the edge reads. All else stays as it is.
 *
 * @throws {TypeError} for wrong use.
 *
 * @example
 * forwardTarget('/a?sandgate_traffic=sg2p.x&b=%zz') // '/a?b=%zz'
 */
export declare function forwardTarget(target: string): string;
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
/** The headers that decide, in lower case: what an own middleware must hand to `guard`, each line as received. */
export declare const DECIDING_HEADERS: readonly string[];
/** The answer of an edge for a sandbox that it does not know. */
export interface UnknownSandbox {
    readonly status: number;
    /** The JSON body, which names the sandbox. */
    readonly body: string;
}
/**
 * Returns the answer of an edge for a sandbox that it does not know: the status and the JSON body of E2B's proxy.
 *
 * @throws {TypeError | RangeError} for wrong use.
 */
export declare function unknownSandbox(sandboxId: Text): UnknownSandbox;
