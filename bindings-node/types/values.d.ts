/** Text is passed as UTF-8. A lone surrogate in a string is wrong use; in text that a client presents it becomes U+FFFD. */
export type Text = string | Uint8Array;
/**
 * Unix seconds, or a `Date`, whose fraction is floored.
 *
 * Do not pass `Date.now()`: it counts milliseconds, and as seconds it would lie some 50,000 years ahead. Pass the `Date` itself.
 */
export type Time = number | bigint | Date;
/** Seconds. */
export type Lifetime = number | bigint;
/** A header: absent, its value, or all its values, as in `message.headersDistinct` of `node:http`. */
export type Header = Text | readonly Text[] | null | undefined;
/** The operation of a file URL. */
export type FileOperation = 'read' | 'write';
/** The part of a request that may carry the credential for traffic. */
export type Carrier = 'header' | 'host' | 'query' | 'cookie';
