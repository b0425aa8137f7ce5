import { DISPOSE } from '../dispose.js';
import type { FileOperation, Lifetime, Text, Time } from '../values.js';
import { Grant } from '../grant.js';
/** What a file URL says: one operation on one path, as one user. */
export interface FileUrl {
    /** As it stands in the sandbox: bytes, nothing is normalised. Empty for an upload whose file name chooses. */
    path: Text;
    /** "read" unless it is given. */
    operation?: FileOperation | null | undefined;
    /** The server's default holds without one. */
    user?: Text | null | undefined;
}
/** When a file URL ends: not both, and of v1 neither for one that never ends. */
export interface FileUrlEnd {
    /** Its last second, in Unix seconds. */
    expires?: Time | null | undefined;
    /** How many seconds from now, 0 or more; 0 holds until the current second is over. */
    expiresIn?: Lifetime | null | undefined;
    /** When it is, otherwise the clock says. */
    now?: Time | null | undefined;
}
/** The same for a signature alone, which does not tell its end: `expiresIn` needs a `now`. */
export type KnownEnd = FileUrlEnd & ({
    expiresIn?: null | undefined;
} | {
    now: Time;
});
/** A signature, and when it ends. */
export interface FileUrlSignature {
    readonly signature: string;
    /** Its last second in Unix seconds, a bigint above 2^53 - 1; undefined: it never ends. */
    readonly expires: number | bigint | undefined;
}
/** A file URL as it is presented. */
export interface SignedFileUrl extends FileUrl {
    /** What it says of its last second, in Unix seconds. */
    expires?: Time | null | undefined;
    /** When it is, otherwise the clock says. */
    now?: Time | null | undefined;
}
/** What a query is asked for. */
export interface VerifyQueryOptions {
    /** "read" unless it is given. */
    operation?: FileOperation | null | undefined;
    /** When it is, otherwise the clock says. */
    now?: Time | null | undefined;
}
/**
 * An access token as the key that signs and verifies file URLs.
 *
 * A URL is for one operation on one path, as one user, until the end of the second `expires`; without an end it never ends.
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
     * The signature, 46 characters.
     *
     * @throws {RangeError} `ERR_INVALID_ARG_VALUE` for `expiresIn` without `now`: the end would be lost. `signed` returns it.
     * @throws {TypeError | RangeError} for wrong use.
     */
    sign(url: FileUrl & KnownEnd): string;
    /**
     * Returns the signature and its end. The verifier needs both.
     *
     * @throws {TypeError | RangeError} for wrong use.
     */
    signed(url: FileUrl & FileUrlEnd): FileUrlSignature;
    /**
     * The signed URL, `{base}/files?path=…`.
     *
     * @param base The sandbox's controller, `https://49983-{sandboxId}.{domain}`.
     * @throws {TypeError | RangeError} for wrong use.
     */
    url(base: Text, url: FileUrl & FileUrlEnd): string;
    /**
     * Refuses a signature that is not that of this URL, and a URL that has ended.
     *
     * @throws {SandgateError} `ERR_SANDGATE_INVALID`, `ERR_SANDGATE_EXPIRED`.
     * @throws {TypeError | RangeError} for wrong use.
     */
    verify(signature: Text, url: SignedFileUrl): void;
    /**
     * Whether the signature is that of this URL, and the URL has not ended.
     *
     * @throws {TypeError | RangeError} for wrong use, and never for a refusal.
     */
    isValid(signature: Text, url: SignedFileUrl): boolean;
    /**
     * What a raw query grants.
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
