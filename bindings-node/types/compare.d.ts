import type { Text } from './values.js';
/**
 * Whether two secrets are equal, in time that depends on their lengths alone.
 *
 * @throws {TypeError | RangeError} for wrong use.
 *
 * @example
 * equal('right', Buffer.from('right')) // true
 */
export declare function equal(a: Text, b: Text): boolean;
/**
 * What a log may show of a token: 8 hex digits of its SHA-256.
 *
 * @throws {TypeError | RangeError} for wrong use.
 *
 * @example
 * fingerprint('abc') // 'ba7816bf'
 */
export declare function fingerprint(token: Text): string;
