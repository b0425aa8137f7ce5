import type { Text } from './values.js'
import { native } from './native.js'

/**
 * Whether two secrets are equal. The time depends only on their lengths.
 *
 * @throws {TypeError | RangeError} for wrong use.
 *
 * @example
 * equal('right', Buffer.from('right')) // true
 */
export function equal(a: Text, b: Text): boolean {
  return native.equal(a, b)
}

/**
 * Returns 8 hex digits of a token's SHA-256, which a log may show.
 *
 * @throws {TypeError | RangeError} for wrong use.
 *
 * @example
 * fingerprint('abc') // 'ba7816bf'
 */
export function fingerprint(token: Text): string {
  return native.fingerprint(token)
}
