import type { FileOperation } from './values.js';
/** The values to sign. */
export interface SignatureOpts {
    /** The path in the sandbox. */
    path: string;
    /** The operation. */
    operation: FileOperation;
    /** The user; without one the server's default user. */
    user: string | undefined;
    /** For how many seconds from now the URL is valid; 0 ends with the current second. Without it a v1 URL never expires. */
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
 * Returns the signature of a file URL, as E2B's SDK does, in a promise that is already settled.
 *
 * @throws {Error} with the SDK's message, without an access token.
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
