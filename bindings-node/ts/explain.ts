import { inspect } from '#inspect'
import type { ExplanationParts } from './addon.js'
import { named, several } from './arguments.js'
import type { FileOperation, Text, Time } from './values.js'
import { type DeniedCode, errorCode } from './errors.js'
import { instant } from './time.js'

/** The options of `explain`. */
export interface ExplainOptions {
  /** The expected operation, "read" by default. */
  operation?: FileOperation | null | undefined
  /** The context: a value that both sides know of the client, 1 to 255 bytes (v2). */
  context?: Text | null | undefined
  /** The current time; otherwise the clock is read. */
  now?: Time | null | undefined
}

/** Why a file URL is refused, and the single change of a field that makes its signature right, where there is one. */
export class Explanation {
  /** The code of the refusal. */
  readonly code: DeniedCode
  /** The HTTP status that a controller would send. */
  readonly status: number
  /** The message that a controller would send. */
  readonly message: string
  /** The field that should have another value. */
  readonly field: string | undefined
  /** The value that the field should have; undefined if it should be absent. Bytes that are not UTF-8 are percent-encoded, and `toString()`
   * says so. */
  readonly value: string | undefined
  /** The expiry that the URL states, in Unix seconds; a bigint above 2^53 - 1. */
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

  /** The explanation in words. */
  toString(): string {
    return this.#text
  }
}

/**
 * Explains why a controller with these access tokens refuses a file URL. Returns undefined if it is granted.
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
  const why = inspect().explain(query, several(accessTokens), given.operation, given.context, instant(given.now))
  return why && new Explanation(why)
}
