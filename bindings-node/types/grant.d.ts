import { type FileOperation } from './values.js';
/**
 * One operation on one path, as one user: what was signed, decoded once. Act on it and never read the request a second time.
 */
export declare class Grant {
    #private;
    /** What may be done. */
    readonly operation: FileOperation;
    /**
     * The path, as it was signed.
     *
     * @throws {RangeError} `ERR_SANDGATE_PATH` where it is no UTF-8, which v1 allows: a replacement character would name another
     * file. `pathBytes` has it.
     */
    readonly path: string;
    /** The user; undefined or empty: the server's default holds. Bytes where it is no UTF-8, which v1 allows. */
    readonly user: string | Uint8Array | undefined;
    /** The last second of what was signed, in Unix seconds, a bigint above 2^53 - 1. Undefined: it never ends, or no signature decided. */
    readonly expires: number | bigint | undefined;
    /** The directory that was signed in place of the path, which lies in it. */
    readonly directory: string | undefined;
    /** How many bytes may be written in all, after content decoding. */
    readonly maxBytes: number | undefined;
    /** The SHA-256 that what is written has to have, 32 bytes. */
    readonly contentSha256: Uint8Array | undefined;
    /** The path as bytes. */
    get pathBytes(): Uint8Array;
}
