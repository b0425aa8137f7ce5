import type { V2FileUrlKey } from '../addon.js'
import { named, names, object, optionsOf } from '../arguments.js'
import { DISPOSE } from '../dispose.js'
import type { FileOperation, Lifetime, Text, Time } from '../values.js'
import { denied } from '../errors.js'
import { Grant } from '../grant.js'
import { native } from '../native.js'
import { end, instant, knownEnd, resolvedEnd, seconds } from '../time.js'

/** A file URL. */
export interface FileUrl {
  /** 1 to 4096 bytes of UTF-8 without NUL. With a directory it must be empty or inside it. */
  path: Text
  /** The operation, "read" by default. */
  operation?: FileOperation | null | undefined
  /** 0 to 255 bytes of UTF-8 without NUL; absent and empty differ. */
  user?: Text | null | undefined
  /** Signed instead of the path, for everything beneath it: `/home/user/in/`. */
  directory?: Text | null | undefined
  /** The total number of bytes that may be written, after content decoding, at most 2^53 - 1. */
  maxBytes?: number | bigint | null | undefined
  /** The SHA-256 that the content must have, 32 bytes. */
  contentSha256?: Uint8Array | null | undefined
  /** The context: a value that both sides know of the client and the URL does not carry, 1 to 255 bytes. */
  context?: Text | null | undefined
}

/** The expiry of a file URL: exactly one of the two is required. */
export interface FileUrlEnd {
  /** The last second for which it is valid, in Unix seconds. */
  expires?: Time | null | undefined
  /** How many seconds from now, 0 or more; 0 holds until the current second is over. */
  expiresIn?: Lifetime | null | undefined
  /** The current time; otherwise the clock is read. */
  now?: Time | null | undefined
}

/** The same for a signature alone, which does not state its expiry: `expiresIn` requires `now`. */
export type KnownEnd = FileUrlEnd & ({ expiresIn?: null | undefined } | { now: Time })

/** A signature and its expiry. */
export interface FileUrlSignature {
  readonly signature: string
  /** The last second for which it is valid, in Unix seconds. */
  readonly expires: number
}

/** A presented file URL. */
export interface SignedFileUrl extends FileUrl {
  /** The expiry that it states, in Unix seconds. */
  expires: Time
  /** The current time; otherwise the clock is read. */
  now?: Time | null | undefined
}

/** The options for verifying a query. */
export interface VerifyQueryOptions {
  /** The operation, "read" by default. */
  operation?: FileOperation | null | undefined
  /** The context. Required if the credential was signed for one, refused otherwise. */
  context?: Text | null | undefined
  /** The current time; otherwise the clock is read. */
  now?: Time | null | undefined
}

/** The options of a key. */
export interface FileUrlKeyOptions {
  /** How many seconds clocks may differ, 0 to 300, 0 by default. */
  leeway?: number | null | undefined
  /** How many seconds ahead a URL may expire, at most 2^32 - 1, 7 days by default. */
  maxLifetime?: number | null | undefined
}

const URL = {
  path: true,
  operation: true,
  user: true,
  expires: true,
  now: true,
  directory: true,
  maxBytes: true,
  contentSha256: true,
  context: true,
} as const
const SIGN = names<FileUrl & FileUrlEnd>({ ...URL, expiresIn: true })
const PRESENTED = names<SignedFileUrl>(URL)
const QUERY = names<VerifyQueryOptions>({ operation: true, context: true, now: true })

/**
 * Whether a text claims to be a v2 access token: it begins with `sg2a.`, so it is a v2 token or invalid.
 *
 * @throws {TypeError} for a value of the wrong type.
 */
export function isAccessToken(token: Text): boolean {
  return native.v2IsAccessToken(token)
}

/**
 * The key, derived from a v2 access token, that signs and verifies file URLs.
 *
 * A URL is for one operation on one path or a whole `directory`, as one `user`. `expires` is the last second for which it is valid. An
 * upload can be limited to `maxBytes`, or to the content with this `contentSha256`. `context` is a value that both sides know of the
 * client.
 *
 * @example
 * const key = new FileUrlKey(accessToken)
 * const url = key.url(base, { path: '', operation: 'write', directory: '/home/user/in/', maxBytes: 1 << 20, expiresIn: 3600 })
 * key.verifyQuery(`${url.split('?')[1]}&path=/home/user/in/a.txt`, { operation: 'write' }).maxBytes // 1048576
 */
export class FileUrlKey {
  readonly #key: V2FileUrlKey

  /**
   * @param accessToken `sg2a.…`, 50 characters.
   * @throws {RangeError} `ERR_SANDGATE_…_GIVEN` for another kind of secret, `ERR_SANDGATE_TOKEN_SHAPE`, `ERR_SANDGATE_LEEWAY`.
   * @throws {TypeError} for a value of the wrong type.
   */
  constructor(accessToken: Text, options?: FileUrlKeyOptions) {
    const given = named(options, 'leeway', 'maxLifetime')
    this.#key = native.v2FileUrlKey(accessToken, given.leeway, given.maxLifetime)
    Object.freeze(this)
  }

  /**
   * Returns the signature, 48 characters.
   *
   * @throws {RangeError} `ERR_SANDGATE_PATH`, `ERR_SANDGATE_DIRECTORY`, `ERR_SANDGATE_USER`, `ERR_SANDGATE_LIMIT`, `ERR_SANDGATE_CONTEXT`,
   * `ERR_SANDGATE_TIME`; `ERR_INVALID_ARG_VALUE` for `expiresIn` without `now`: you could not know the expiry. `signed` returns it.
   * @throws {TypeError} for a value of the wrong type.
   */
  sign(url: FileUrl & KnownEnd): string {
    object<FileUrl & FileUrlEnd>(url, 'url', SIGN)
    return this.#sign(url, knownEnd(url.expires, url.expiresIn, url.now))
  }

  /**
   * Returns the signature and its expiry. The verifier needs both.
   *
   * @throws {TypeError | RangeError} as `sign` does, and never for `expiresIn` without `now`.
   */
  signed(url: FileUrl & FileUrlEnd): FileUrlSignature {
    object(url, 'url', SIGN)
    const expires = resolvedEnd(url.expires, url.expiresIn, url.now)
    const signature = this.#sign(url, expires)
    // The addon has refused any other value.
    return Object.freeze({ signature, expires: expires as number })
  }

  #sign(url: FileUrl, expires: number | bigint | null | undefined): string {
    return this.#key.sign(
      url.path,
      url.operation,
      url.user,
      expires,
      url.directory,
      url.maxBytes,
      url.contentSha256,
      url.context,
    )
  }

  /**
   * Returns the signed URL, `{base}/files?path=…`. With a directory, an empty path is omitted, and the client adds it.
   *
   * @param base The URL of the sandbox's controller, `https://49983-{sandboxId}.{domain}`.
   * @throws {TypeError | RangeError} as `sign` does.
   */
  url(base: Text, url: FileUrl & FileUrlEnd): string {
    object(url, 'url', SIGN)
    return this.#key.url(
      base,
      url.path,
      url.operation,
      url.user,
      end(url.expires, url.expiresIn, url.now),
      url.directory,
      url.maxBytes,
      url.contentSha256,
      url.context,
    )
  }

  /**
   * Refuses a signature that is not that of this URL, and a URL that is not valid now.
   *
   * @throws {SandgateError} if it is refused.
   * @throws {TypeError | RangeError} for wrong use.
   */
  verify(signature: Text, url: SignedFileUrl): void {
    const refusal = this.#refusal(signature, url)
    if (refusal !== undefined) throw denied(refusal)
  }

  /**
   * Whether the signature is that of this URL, and the URL is valid now.
   *
   * @throws {TypeError | RangeError} for wrong use, and never for a refusal.
   */
  isValid(signature: Text, url: SignedFileUrl): boolean {
    return this.#refusal(signature, url) === undefined
  }

  #refusal(signature: Text, url: SignedFileUrl): number | undefined {
    object(url, 'url', PRESENTED)
    return this.#key.verify(
      signature,
      url.path,
      url.operation,
      url.user,
      seconds(url.expires),
      instant(url.now),
      url.directory,
      url.maxBytes,
      url.contentSha256,
      url.context,
    )
  }

  /**
   * Returns the grant of a raw query.
   *
   * @param query The bytes between `?` and `#`, still percent-encoded.
   * @throws {SandgateError} if it grants nothing.
   * @throws {TypeError | RangeError} for wrong use.
   */
  verifyQuery(query: Text, options?: VerifyQueryOptions): Grant {
    const given = optionsOf(options, QUERY)
    const granted = this.#key.verifyQuery(query, given.operation, given.context, instant(given.now))
    if (typeof granted === 'number') throw denied(granted)
    return new Grant(granted)
  }

  /** Wipes its secrets at once. Whatever is called later throws an `Error`, `ERR_SANDGATE_DISPOSED`. */
  dispose(): void {
    this.#key.dispose()
  }

  /** The same, for `using`. */
  [DISPOSE](): void {
    this.dispose()
  }
}
