/** Text travels as UTF-8, whichever it is. A lone surrogate in a string is wrong use, and U+FFFD in what a client presents. */
export type Text = string | Uint8Array

/**
 * Unix seconds, or a `Date`, whose fraction is floored.
 *
 * `Date.now()` counts milliseconds and is no right value: it lies some 50,000 years ahead. Give the `Date` itself.
 */
export type Time = number | bigint | Date

/** Seconds. */
export type Lifetime = number | bigint

/** A header: not given, its value, or all the values that were given, as `message.headersDistinct` of `node:http` has them. */
export type Header = Text | readonly Text[] | null | undefined

/** What a file URL is for. */
export type FileOperation = 'read' | 'write'

/** The part of a request that may carry the credential for traffic. */
export type Carrier = 'header' | 'host' | 'query' | 'cookie'

/** A view as the addon takes it: the lines are names in lower case and values, one after the other. @internal */
export type View = readonly [method: Text, target: Text, lines: readonly Text[], flags: number]

/** Bytes as a Uint8Array of this realm: the addon may have been loaded in another one. @internal */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)
}
