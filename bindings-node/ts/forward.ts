import { wrongType } from './arguments.js'
import { lowerCase } from './head.js'
import { Route } from './route.js'
import { ownBytes, type Text } from './values.js'
import { native } from './native.js'

/** The header of a traffic token or pass. An edge removes it before it forwards a request. */
export const TRAFFIC_HEADER = native.headers.trafficToken
/** The query parameter of a traffic pass. */
export const TRAFFIC_PARAMETER = native.headers.trafficParameter
/** The cookie of a traffic pass. */
export const TRAFFIC_COOKIE = native.headers.trafficCookie

/**
 * Every header, in lower case, that `forwardHeader` removes or may rewrite: those that carry a credential, and those in which browsers and
 * proxies repeat the host or the target.
 */
export const FORWARD_HEADERS: readonly string[] = native.headers.forward

const CLEANED: ReadonlySet<string> = new Set(FORWARD_HEADERS)

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
export function forwardHeader(name: string, value: string): string | undefined {
  if (typeof name !== 'string') throw wrongType('name', 'a string')
  if (typeof value !== 'string') throw wrongType('value', 'a string')
  return CLEANED.has(lowerCase(name)) ? native.forwardHeader(name, value) : value
}

/**
 * Returns the target, path and query, without the parameter that only the edge reads. Everything else is unchanged.
 *
 * @throws {TypeError} for wrong use.
 *
 * @example
 * forwardTarget('/a?sandgate_traffic=sg2p.x&b=%zz') // '/a?b=%zz'
 */
export function forwardTarget(target: string): string {
  if (typeof target !== 'string') throw wrongType('target', 'a string')
  return target.includes('?') ? native.forwardTarget(target) : target
}

/**
 * Returns a raw query without the parameter that only the edge reads.
 *
 * @returns A string for a string, otherwise bytes.
 * @throws {TypeError | RangeError} for wrong use.
 */
export function forwardQuery(query: string): string
export function forwardQuery(query: Uint8Array): Uint8Array
export function forwardQuery(query: Text): Text
export function forwardQuery(query: Text): Text {
  return ownText(native.forwardQuery(query))
}

/**
 * Returns a `Cookie` line without the cookie that only the edge reads. It is empty if no cookie is left.
 *
 * @returns A string for a string, otherwise bytes.
 * @throws {TypeError | RangeError} for wrong use.
 */
export function forwardCookies(line: string): string
export function forwardCookies(line: Uint8Array): Uint8Array
export function forwardCookies(line: Text): Text
export function forwardCookies(line: Text): Text {
  return ownText(native.forwardCookies(line))
}

/**
 * Returns a host with the route in place of its left-most label. A host that leaves the route to headers is unchanged.
 *
 * @returns A string for a string, otherwise bytes.
 * @throws {TypeError | RangeError} for wrong use.
 */
export function forwardHost(host: string, route: Route): string
export function forwardHost(host: Uint8Array, route: Route): Uint8Array
export function forwardHost(host: Text, route: Route): Text
export function forwardHost(host: Text, route: Route): Text {
  if (!(route instanceof Route)) throw wrongType('route', 'a Route')
  return ownText(native.forwardHost(host, String(route)))
}

function ownText(text: Text): Text {
  return typeof text === 'string' ? text : ownBytes(text)
}

/** The deciding headers, in lower case. Your own middleware must pass at least these to `guard`, each line as received. */
export const DECIDING_HEADERS: readonly string[] = native.headers.deciding

/** The answer of an edge for an unknown sandbox. */
export interface UnknownSandbox {
  readonly status: number
  /** The JSON body, which names the sandbox. */
  readonly body: string
}

/**
 * Returns the answer of an edge for an unknown sandbox: the status and the JSON body of E2B's proxy.
 *
 * @throws {TypeError | RangeError} for wrong use.
 */
export function unknownSandbox(sandboxId: Text): UnknownSandbox {
  const [status, body] = native.unknownSandbox(sandboxId)
  return Object.freeze({ status, body })
}
