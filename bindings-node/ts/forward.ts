import { Buffer } from 'node:buffer'
import { wrongType } from './arguments.js'
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
 * A raw query without the parameter that only the edge reads: what runs in the sandbox has no business with it.
 *
 * @returns A string for a string, otherwise bytes.
 * @throws {TypeError | RangeError} for wrong use.
 */
export function forwardQuery(query: string): string
export function forwardQuery(query: Uint8Array): Uint8Array
export function forwardQuery(query: Text): Text
export function forwardQuery(query: Text): Text {
  return likeGiven(query, native.forwardQuery(query))
}

/**
 * A `Cookie` line without the cookie that only the edge reads; empty where none stays.
 *
 * @returns A string for a string, otherwise bytes.
 * @throws {TypeError | RangeError} for wrong use.
 */
export function forwardCookies(line: string): string
export function forwardCookies(line: Uint8Array): Uint8Array
export function forwardCookies(line: Text): Text
export function forwardCookies(line: Text): Text {
  return likeGiven(line, native.forwardCookies(line))
}

/**
 * A host with the route in the place of its left-most label; as it is where it leaves the route to headers.
 *
 * @returns A string for a string, otherwise bytes.
 * @throws {TypeError | RangeError} for wrong use.
 */
export function forwardHost(host: string, route: Route): string
export function forwardHost(host: Uint8Array, route: Route): Uint8Array
export function forwardHost(host: Text, route: Route): Text
export function forwardHost(host: Text, route: Route): Text {
  if (!(route instanceof Route)) throw wrongType('route', 'a Route')
  return likeGiven(host, native.forwardHost(host, String(route)))
}

/** What is taken out ends at ASCII characters, so that the rest of a string is text again. */
function likeGiven(given: Text, left: Uint8Array): Text {
  return typeof given === 'string' ? Buffer.from(left).toString() : ownBytes(left)
}
