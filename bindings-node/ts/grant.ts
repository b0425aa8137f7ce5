import type { GrantParts } from './addon.js'
import { misuse } from './misuse.js'
import { type FileOperation, ownBytes } from './values.js'

/**
 * One operation on one path, as one user: what was signed, decoded once. Act on it and never read the request a second time.
 */
export class Grant {
  /** What may be done. */
  readonly operation: FileOperation
  /**
   * The path, as it was signed.
   *
   * @throws {RangeError} `ERR_SANDGATE_PATH` where it is no UTF-8, which v1 allows: a replacement character would name another
   * file. `pathBytes` has it.
   */
  declare readonly path: string
  /** The user; undefined or empty: the server's default holds. Bytes where it is no UTF-8, which v1 allows. */
  readonly user: string | Uint8Array | undefined
  /** The last second of what was signed, in Unix seconds, a bigint above 2^53 - 1. Undefined: it never ends, or no signature decided. */
  readonly expires: number | bigint | undefined
  /** The directory that was signed in place of the path, which lies in it. */
  readonly directory: string | undefined
  /** How many bytes may be written in all, after content decoding. */
  readonly maxBytes: number | undefined
  /** The SHA-256 that what is written has to have, 32 bytes. */
  readonly contentSha256: Uint8Array | undefined
  readonly #pathBytes: Uint8Array

  /** @internal */
  constructor(parts: GrantParts) {
    const path = parts[1]
    this.operation = parts[0]
    if (path === undefined) Object.defineProperty(this, 'path', { get: noText })
    else this.path = path
    this.#pathBytes = ownBytes(parts[2])
    const [user, contentSha256] = [parts[3], parts[7]]
    this.user = typeof user === 'object' ? ownBytes(user) : user
    this.expires = parts[4]
    this.directory = parts[5]
    this.maxBytes = parts[6]
    this.contentSha256 = contentSha256 && ownBytes(contentSha256)
    Object.freeze(this)
  }

  /** The path as bytes. */
  get pathBytes(): Uint8Array {
    return this.#pathBytes
  }
}

function noText(): never {
  throw misuse('RangeError', 'ERR_SANDGATE_PATH', 'path: it is no UTF-8; pathBytes has it')
}
