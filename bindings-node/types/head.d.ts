import type { Text, Time } from './values.js';
/**
 * A request as a server received it, nothing decoded and nothing chosen.
 *
 * Node, `Headers` and most servers hand over bytes as strings in which each character is one byte (latin-1), and such strings are
 * read so here; a `Uint8Array` is read as it is.
 */
export interface RequestView {
    method: Text;
    /** Path and query of the request line, still percent-encoded: `request.url` of `node:http`. */
    target: Text;
    /** All header lines, or only those that decide, as pairs of name and value: a `Map`, `Headers`, an array of pairs. */
    headers: Iterable<readonly [name: string, value: Text]>;
    /** Whether the server joins lines with the same name by a comma. A comma in a header that decides is then a repetition. */
    joined?: boolean | null | undefined;
    /** Whether there is a body that no header tells of, as in HTTP/2. */
    hasBody?: boolean | null | undefined;
}
/** A request as a guard looks at it. An edge takes the same object for `route` and for `guard`. */
export interface GuardRequest extends RequestView {
    /** Another view of the request, for example the one that the app reads. Where the views differ, the request is refused. */
    beside?: RequestView | null | undefined;
    /** What both sides know of the client, 1 to 255 bytes (v2). */
    context?: Text | null | undefined;
    /** The current time; otherwise the clock is read. */
    now?: Time | null | undefined;
}
