import type { Text, Time } from './values.js';
/**
 * The request line and the header lines as received: not decoded, not filtered.
 *
 * Node, `Headers` and most servers provide bytes as strings in which each character is one byte (latin-1). Strings are read this way here;
 * a `Uint8Array` is read as bytes.
 */
export interface RequestView {
    method: Text;
    /** Path and query of the request line, still percent-encoded: `request.url` of `node:http`. */
    target: Text;
    /** All header lines, or only the deciding ones, as pairs of name and value: a `Map`, `Headers`, an array of pairs. */
    headers: Iterable<readonly [name: string, value: Text]>;
    /** Whether the server joins repeated lines with a comma. A comma in a deciding header is then a repetition. */
    joined?: boolean | null | undefined;
    /** Whether there is a body that no header announces, as in HTTP/2. */
    hasBody?: boolean | null | undefined;
}
/** A request to a guard. An edge takes the same object for `route` and for `guard`. */
export interface GuardRequest extends RequestView {
    /** Another view of the request, for example the one that the app reads. If the views differ, the request is refused. */
    beside?: RequestView | null | undefined;
    /** The context: a value that both sides know of the client, 1 to 255 bytes (v2). */
    context?: Text | null | undefined;
    /** The current time; otherwise the clock is read. */
    now?: Time | null | undefined;
}
