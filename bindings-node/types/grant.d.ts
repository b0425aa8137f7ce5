import { type FileOperation } from './values.js';
/**
 * One operation on one path, as one user: the signed values, decoded once. Act on it and do not parse the request again.
 */
export declare class Grant {
    #private;
    /** The operation. */
    readonly operation: FileOperation;
    /**
     * The path, as it was signed.
     *
     * @throws {RangeError} `ERR_SANDGATE_PATH` if it is not UTF-8, which v1 allows: a replacement character would name another file. Use
     * `pathBytes` then.
     */
    readonly path: string;
    /**
     * The user, as it was signed. Undefined or empty: the server's default user.
     *
     * @throws {RangeError} `ERR_SANDGATE_USER` if it is not UTF-8, which v1 allows. Use `userBytes` then.
     */
    readonly user: string | undefined;
    /** The last second for which the signature is valid, in Unix seconds, a bigint above 2^53 - 1. Undefined if it never expires, or if no
     * signature decided. */
    readonly expires: number | bigint | undefined;
    /** The directory that was signed instead of the path; the path is inside it. */
    readonly directory: string | undefined;
    /** The total number of bytes that may be written, after content decoding. */
    readonly maxBytes: number | undefined;
    /** The SHA-256 that the content must have, 32 bytes. */
    readonly contentSha256: Uint8Array | undefined;
    /** The path as bytes. */
    get pathBytes(): Uint8Array;
    /** The user as bytes; undefined if none was signed. */
    get userBytes(): Uint8Array | undefined;
}
