/**
 * The signing function of E2B's JavaScript SDK: an SDK replaces its own by changing one import.
 *
 * Types, result and promise are the SDK's. With a v2 access token (`sg2a.…`) it makes a v2 signature, which requires an expiration. A
 * lifetime of 0 ends with the current second; Novita's SDK reads it as "never".
 */
import { e2bSign } from '#sign'
import { wrongType } from './arguments.js'
import { misuse } from './misuse.js'
import { clock } from './clock.js'
import type { FileOperation } from './values.js'

/** The values to sign. */
export interface SignatureOpts {
  /** The path in the sandbox. */
  path: string
  /** The operation. */
  operation: FileOperation
  /** The user; without one the server's default user. */
  user: string | undefined
  /** For how many seconds from now the URL is valid; 0 ends with the current second. Without it a v1 URL never expires. */
  expirationInSeconds?: number
  /** The sandbox's access token. */
  envdAccessToken?: string
}

/** The signature, and the last second of the URL in Unix seconds, or null. */
export interface Signature {
  signature: string
  expiration: number | null
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
export async function getSignature(options: SignatureOpts): Promise<Signature> {
  return getSignatureSync(options)
}

/**
 * The same without a promise.
 *
 * @throws as the promise of `getSignature` does.
 */
export function getSignatureSync(options: SignatureOpts): Signature {
  if (typeof options !== 'object' || options === null) throw wrongType('options', 'an object')
  // Unknown names are ignored, as by the SDK, so that every caller of the SDK's function can call this one.
  const { path, operation, user, expirationInSeconds, envdAccessToken } = options
  if (!envdAccessToken) throw new Error('Access token is not set and signature cannot be generated!')
  const expiration = end(expirationInSeconds)
  return { signature: e2bSign(path, operation, user, envdAccessToken, expiration), expiration }
}

/** Returns the time this number of seconds from now; 0 is now. */
function end(lifetime: number | null | undefined): number | null {
  if (lifetime == null) return null
  if (typeof lifetime !== 'number') throw wrongType('expirationInSeconds', 'a number')
  const expiration = clock() + lifetime
  if (!Number.isSafeInteger(expiration) || !Number.isSafeInteger(lifetime)) {
    throw misuse('RangeError', 'ERR_OUT_OF_RANGE', 'expirationInSeconds: must be a safe integer')
  }
  return expiration
}
