import type { FileOperation } from './values.js';
/** What is signed. */
export interface SignatureOpts {
    /** The path in the sandbox. */
    path: string;
    /** What the URL is for. */
    operation: FileOperation;
    /** The server's default holds without one. */
    user: string | undefined;
    /** How many seconds the URL holds, from now; 0 ends with the current second. Without it a URL of v1 never ends. */
    expirationInSeconds?: number;
    /** The sandbox's access token. */
    envdAccessToken?: string;
}
/** The signature, and the last second of the URL in Unix seconds, or null. */
export interface Signature {
    signature: string;
    expiration: number | null;
}
/**
 * The signature of a file URL, as the SDK of E2B makes it, by a promise that is already settled.
 *
 * @throws {Error} in the SDK's words, without an access token.
 * @throws {TypeError | RangeError} for wrong use.
 *
 * @example
 * import { getSignature } from 'sandgate/e2b' // instead of the SDK's own
 */
export declare function getSignature(options: SignatureOpts): Promise<Signature>;
/**
 * The same without a promise.
 *
 * @throws as the promise of `getSignature` does.
 */
export declare function getSignatureSync(options: SignatureOpts): Signature;
