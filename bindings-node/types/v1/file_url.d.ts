import { DISPOSE } from '../dispose.js';
import type { FileOperation, Lifetime, Text, Time } from '../values.js';
import { Grant } from '../grant.js';
/** A file URL: one operation on one path, as one user. */
export interface FileUrl {
    /** The path in the sandbox: bytes that are not normalised. Empty for an upload whose file name chooses the path. */
    path: Text;
    /** The operation, "read" by default. */
    operation?: FileOperation | null | undefined;
    /** The user; without one the server's default user. */
    user?: Text | null | undefined;
}
/** The expiry of a file URL: one of the two, or neither for a v1 URL that never expires. */
export interface FileUrlEnd {
    /** The last second for which it is valid, in Unix seconds. */
    expires?: Time | null | undefined;
    /** How many seconds from now, 0 or more; 0 holds until the current second is over. */
    expiresIn?: Lifetime | null | undefined;
    /** The current time; otherwise the clock is read. */
    now?: Time | null | undefined;
}
/** The same for a signature alone, which does not state its expiry: `expiresIn` requires `now`. */
export type KnownEnd = FileUrlEnd & ({
    expiresIn?: null | undefined;
} | {
    now: Time;
});
/** A signature and its expiry. */
export interface FileUrlSignature {
    readonly signature: string;
    /** The last second for which it is valid, in Unix seconds, a bigint above 2^53 - 1; undefined if it never expires. */
    readonly expires: number | bigint | undefined;
}
/** A presented file URL. */
export interface SignedFileUrl extends FileUrl {
    /** The expiry that it states, in Unix seconds. */
    expires?: Time | null | undefined;
    /** The current time; otherwise the clock is read. */
    now?: Time | null | undefined;
}
/** The options for verifying a query. */
export interface VerifyQueryOptions {
    /** The operation, "read" by default. */
    operation?: FileOperation | null | undefined;
    /** The current time; otherwise the clock is read. */
    now?: Time | null | undefined;
}
/**
 * The key that signs and verifies file URLs, from an access token.
 *
 * A URL is for one operation on one path, as one user. `expires` is the last second for which it is valid; without it the URL never
 * expires.
 *
 * @example
 * const key = new FileUrlKey(accessToken)
 * key.sign({ path: '/a.txt', user: 'user', expires: 1800000000 }) // 'v1_…'
 * key.url('https://49983-i94gcaqbpvohfr764s5l.e2b.app', { path: '/a.txt', expiresIn: 60 })
 */
export declare class FileUrlKey {
    #private;
    /**
     * @param accessToken 1 to 256 bytes of UTF-8, opaque.
     * @throws {RangeError} `ERR_SANDGATE_TOKEN`, or `ERR_SANDGATE_…_GIVEN` for a secret of v2.
     * @throws {TypeError} for a value of the wrong type.
     */
    constructor(accessToken: Text);
    /**
     * Returns the signature, 46 characters.
     *
     * @throws {RangeError} `ERR_INVALID_ARG_VALUE` for `expiresIn` without `now`: you could not know the expiry. `signed` returns it.
     * @throws {TypeError | RangeError} for wrong use.
     */
    sign(url: FileUrl & KnownEnd): string;
    /**
     * Returns the signature and its expiry. The verifier needs both.
     *
     * @throws {TypeError | RangeError} for wrong use.
     */
    signed(url: FileUrl & FileUrlEnd): FileUrlSignature;
    /**
     * Returns the signed URL, `{base}/files?path=…`.
     *
     * @param base The URL of the sandbox's controller, `https://49983-{sandboxId}.{domain}`.
     * @throws {TypeError | RangeError} for wrong use.
     */
    url(base: Text, url: FileUrl & FileUrlEnd): string;
    /**
     * Refuses a signature that is not that of this URL, and a URL that has expired.
     *
     * @throws {SandgateError} `ERR_SANDGATE_INVALID`, `ERR_SANDGATE_EXPIRED`.
     * @throws {TypeError | RangeError} for wrong use.
     */
    verify(signature: Text, url: SignedFileUrl): void;
    /**
     * Whether the signature is that of this URL, and the URL has not expired.
     *
     * @throws {TypeError | RangeError} for wrong use, and never for a refusal.
     */
    isValid(signature: Text, url: SignedFileUrl): boolean;
    /**
     * Returns the grant of a raw query.
     *
     * @param query The bytes between `?` and `#`, still percent-encoded.
     * @throws {SandgateError} if it grants nothing.
     * @throws {TypeError | RangeError} for wrong use.
     */
    verifyQuery(query: Text, options?: VerifyQueryOptions): Grant;
    /** Wipes its secrets at once. Whatever is called later throws an `Error`, `ERR_SANDGATE_DISPOSED`. */
    dispose(): void;
    /** The same, for `using`. */
    [DISPOSE](): void;
}
