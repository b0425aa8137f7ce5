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
     * @throws {RangeError} `ERR_SANDGATE_PATH` where it is not UTF-8, which v1 allows: a replacement character would name another
     * file. `pathBytes` has it.
     */
    readonly path: string;
    /**
     * The user, as it was signed. Undefined or empty: the server's default holds.
     *
     * @throws {RangeError} `ERR_SANDGATE_USER` where it is not UTF-8, which v1 allows. `userBytes` has it.
     */
    readonly user: string | undefined;
    /** The last second of what was signed, in Unix seconds, a bigint above 2^53 - 1. Undefined: it never ends, or no signature decided. */
    readonly expires: number | bigint | undefined;
    /** The directory that was signed in place of the path, which lies in it. */
    readonly directory: string | undefined;
    /** How many bytes may be written in all, after content decoding. */
    readonly maxBytes: number | undefined;
    /** The required SHA-256 of the content, 32 bytes. */
    readonly contentSha256: Uint8Array | undefined;
    /** The path as bytes. */
    get pathBytes(): Uint8Array;
    /** The user as bytes; undefined where none was signed. */
    get userBytes(): Uint8Array | undefined;
}
