import type { ExplanationParts } from './addon.js'
import { named, several } from './arguments.js'
import type { FileOperation, Text, Time } from './values.js'
import { type DeniedCode, errorCode } from './errors.js'
import { native } from './native.js'
import { instant } from './time.js'

/** How a file URL is looked at. */
export interface ExplainOptions {
  /** What it should be for, otherwise "read". */
  operation?: FileOperation | null | undefined
  /** What both sides know of the client, 1 to 255 bytes (v2). */
  context?: Text | null | undefined
  /** When it is, otherwise the clock says. */
  now?: Time | null | undefined
}

/** Why a file URL is refused, and the single change of a field that makes its signature right, where there is one. */
export class Explanation {
  /** The code of the refusal. */
  readonly code: DeniedCode
  /** The HTTP status that a controller answers with. */
  readonly status: number
  /** The message that a controller answers with. */
  readonly message: string
  /** The field that should be another one. */
  readonly field: string | undefined
  /** What that field should be; undefined: absent. Bytes that are not UTF-8 are percent-encoded, and `toString()` says so. */
  readonly value: string | undefined
  /** When the URL ends in Unix seconds, as far as it says; a bigint above 2^53 - 1. */
  readonly expires: number | bigint | undefined
  readonly #text: string

  /** @internal */
  constructor(parts: ExplanationParts) {
    this.code = errorCode(parts.code) as DeniedCode
    this.status = parts.status
    this.message = parts.message
    this.field = parts.field
    this.value = parts.value
    this.expires = parts.expires
    this.#text = parts.text
    Object.freeze(this)
  }

  /** All of it in words. */
  toString(): string {
    return this.#text
  }
}

/**
 * Looks at a file URL as a controller with these access tokens would. Undefined: it is granted.
 *
 * @param query The raw query, the bytes between `?` and `#`, still percent-encoded.
 * @param accessTokens One, or up to 8.
 * @throws {TypeError | RangeError} for wrong use.
 *
 * @example
 * const query = key.url(base, { path: '/a', operation: 'write' }).split('?')[1]
 * String(explain(query, accessToken, { operation: 'read' }))
 * // the signature is not that of this URL under this token; the signature is right for another operation: "write"
 */
export function explain(query: Text, accessTokens: Text | readonly Text[], options?: ExplainOptions): Explanation | undefined {
  const given = named(options, 'operation', 'context', 'now')
  const why = native.explain(query, several(accessTokens), given.operation, given.context, instant(given.now))
  return why && new Explanation(why)
}
