import type { GrantParts } from './addon.js'
import { Flat, utf8 } from './flat.js'
import { misuse } from './misuse.js'
import { type FileOperation } from './values.js'

/**
 * One operation on one path, as one user: the signed values, decoded once. Act on it and do not parse the request again.
 */
export class Grant {
  /** The operation. */
  declare readonly operation: FileOperation
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
  declare readonly expires: number | bigint | undefined
  /** The directory that was signed instead of the path; the path is inside it. */
  declare readonly directory: string | undefined
  /** The total number of bytes that may be written, after content decoding. */
  declare readonly maxBytes: number | undefined
  /** The SHA-256 that the content must have, 32 bytes. */
  declare readonly contentSha256: Uint8Array | undefined
  /** Made on demand if the path is text. */
  #pathBytes: Uint8Array | undefined
  readonly #user: string | Uint8Array | undefined

  /** @internal */
  constructor(parts: GrantParts) {
    const flat = new Flat(parts)
    this.operation = flat.number() & 1 ? 'write' : 'read'
    const path = flat.text()
    const user = flat.text()
    this.expires = flat.integer()
    const isLimited = !flat.isRead
    this.directory = isLimited ? (flat.text() as string | undefined) : undefined
    this.maxBytes = isLimited ? (flat.integer() as number | undefined) : undefined
    this.contentSha256 = isLimited ? (flat.text() as Uint8Array | undefined) : undefined
    if (typeof path === 'string') {
      this.path = path
    } else {
      this.#pathBytes = path
      Object.defineProperty(this, 'path', { get: pathIsNoText })
    }
    this.#user = user
    if (typeof user === 'object') Object.defineProperty(this, 'user', { get: userIsNoText })
    else this.user = user
    Object.freeze(this)
  }

  /** The path as bytes. */
  get pathBytes(): Uint8Array {
    return (this.#pathBytes ??= utf8(this.path))
  }

  /** The user as bytes; undefined if none was signed. */
  get userBytes(): Uint8Array | undefined {
    const user = this.#user
    return typeof user === 'string' ? utf8(user) : user
  }
}

function pathIsNoText(): never {
  throw misuse('RangeError', 'ERR_SANDGATE_PATH', 'path: is not valid UTF-8; read pathBytes')
}

function userIsNoText(): never {
  throw misuse('RangeError', 'ERR_SANDGATE_USER', 'user: is not valid UTF-8; read userBytes')
}
