/**
 * The signing function of E2B's JavaScript SDK, for an SDK that replaces its own by changing one import.
 *
 * Types, result and promise are the SDK's. With an access token of v2 (`sg2a.…`) the signature is one of v2, and an expiration is
 * required. A lifetime of 0 ends with the current second; the SDK of Novita reads it as never.
 */
import { e2bSign } from '#sign'
import { wrongType } from './arguments.js'
import { misuse } from './misuse.js'
import { clock } from './clock.js'
import type { FileOperation } from './values.js'

/** What is signed. */
export interface SignatureOpts {
  /** The path in the sandbox. */
  path: string
  /** What the URL is for. */
  operation: FileOperation
  /** The server's default holds without one. */
  user: string | undefined
  /** How many seconds the URL holds, from now; 0 ends with the current second. Without it a URL of v1 never ends. */
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
 * The signature of a file URL, as the SDK of E2B makes it, by a promise that is already settled.
 *
 * @throws {Error} in the SDK's words, without an access token.
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
  // Names that are not known are ignored, as the SDK ignores them: what calls it must be able to call this.
  const { path, operation, user, expirationInSeconds, envdAccessToken } = options
  if (!envdAccessToken) throw new Error('Access token is not set and signature cannot be generated!')
  const expiration = end(expirationInSeconds)
  return { signature: e2bSign(path, operation, user, envdAccessToken, expiration), expiration }
}

/** So many seconds from now; 0 is now. */
function end(lifetime: number | null | undefined): number | null {
  if (lifetime == null) return null
  if (typeof lifetime !== 'number') throw wrongType('expirationInSeconds', 'a number')
  const expiration = clock() + lifetime
  if (!Number.isSafeInteger(expiration) || !Number.isSafeInteger(lifetime)) {
    throw misuse('RangeError', 'ERR_OUT_OF_RANGE', 'expirationInSeconds: must be a safe integer')
  }
  return expiration
}
