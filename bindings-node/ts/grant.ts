import type { GrantParts } from './addon.js'
import { misuse } from './misuse.js'
import { type FileOperation, ownBytes } from './values.js'

/**
 * One operation on one path, as one user: the signed values, decoded once. Act on it and do not parse the request again.
 */
export class Grant {
  /** The operation. */
  readonly operation: FileOperation
  /**
   * The path, as it was signed.
   *
   * @throws {RangeError} `ERR_SANDGATE_PATH` if it is not UTF-8, which v1 allows: a replacement character would name another file. Use
   * `pathBytes` then.
   */
  declare readonly path: string
  /**
   * The user, as it was signed. Undefined or empty: the server's default user.
   *
   * @throws {RangeError} `ERR_SANDGATE_USER` if it is not UTF-8, which v1 allows. Use `userBytes` then.
   */
  declare readonly user: string | undefined
  /** The last second for which the signature is valid, in Unix seconds, a bigint above 2^53 - 1. Undefined if it never expires, or if no
   * signature decided. */
  readonly expires: number | bigint | undefined
  /** The directory that was signed instead of the path; the path is inside it. */
  readonly directory: string | undefined
  /** The total number of bytes that may be written, after content decoding. */
  readonly maxBytes: number | undefined
  /** The SHA-256 that the content must have, 32 bytes. */
  readonly contentSha256: Uint8Array | undefined
  readonly #pathBytes: Uint8Array
  readonly #user: string | Uint8Array | undefined

  /** @internal */
  constructor(parts: GrantParts) {
    const path = parts[1]
    this.operation = parts[0]
    if (path === undefined) Object.defineProperty(this, 'path', { get: pathIsNoText })
    else this.path = path
    this.#pathBytes = ownBytes(parts[2])
    const [user, contentSha256] = [parts[3], parts[7]]
    this.#user = user
    if (typeof user === 'object') Object.defineProperty(this, 'user', { get: userIsNoText })
    else this.user = user
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

  /** The user as bytes; undefined if none was signed. */
  get userBytes(): Uint8Array | undefined {
    const user = this.#user
    return typeof user === 'string' ? new TextEncoder().encode(user) : user && ownBytes(user)
  }
}

function pathIsNoText(): never {
  throw misuse('RangeError', 'ERR_SANDGATE_PATH', 'path: is not valid UTF-8; read pathBytes')
}

function userIsNoText(): never {
  throw misuse('RangeError', 'ERR_SANDGATE_USER', 'user: is not valid UTF-8; read userBytes')
}
