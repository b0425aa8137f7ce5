import type { Refusal, V1FileUrlKey } from '../addon.js'
import { names, object, optionsOf } from '../arguments.js'
import { DISPOSE } from '../dispose.js'
import type { FileOperation, Lifetime, Text, Time } from '../values.js'
import { denied } from '../errors.js'
import { Grant } from '../grant.js'
import { native } from '../native.js'
import { end, instant, knownEnd, resolvedEnd, seconds } from '../time.js'

/** A file URL: one operation on one path, as one user. */
export interface FileUrl {
  /** The path in the sandbox: bytes that are not normalised. Empty for an upload whose file name chooses the path. */
  path: Text
  /** The operation, "read" by default. */
  operation?: FileOperation | null | undefined
  /** The user; without one the server's default user. */
  user?: Text | null | undefined
}

/** The expiry of a file URL: one of the two, or neither for a v1 URL that never expires. */
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
  /** The last second for which it is valid, in Unix seconds, a bigint above 2^53 - 1; undefined if it never expires. */
  readonly expires: number | bigint | undefined
}

/** A presented file URL. */
export interface SignedFileUrl extends FileUrl {
  /** The expiry that it states, in Unix seconds. */
  expires?: Time | null | undefined
  /** The current time; otherwise the clock is read. */
  now?: Time | null | undefined
}

/** The options for verifying a query. */
export interface VerifyQueryOptions {
  /** The operation, "read" by default. */
  operation?: FileOperation | null | undefined
  /** The current time; otherwise the clock is read. */
  now?: Time | null | undefined
}

const SIGN = names<FileUrl & FileUrlEnd>({
  path: true,
  operation: true,
  user: true,
  expires: true,
  expiresIn: true,
  now: true,
})
const PRESENTED = names<SignedFileUrl>({ path: true, operation: true, user: true, expires: true, now: true })
const QUERY = names<VerifyQueryOptions>({ operation: true, now: true })

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
export class FileUrlKey {
  readonly #key: V1FileUrlKey

  /**
   * @param accessToken 1 to 256 bytes of UTF-8, opaque.
   * @throws {RangeError} `ERR_SANDGATE_TOKEN`, or `ERR_SANDGATE_…_GIVEN` for a secret of v2.
   * @throws {TypeError} for a value of the wrong type.
   */
  constructor(accessToken: Text) {
    this.#key = native.v1FileUrlKey(accessToken)
    Object.freeze(this)
  }

  /**
   * Returns the signature, 46 characters.
   *
   * @throws {RangeError} `ERR_INVALID_ARG_VALUE` for `expiresIn` without `now`: you could not know the expiry. `signed` returns it.
   * @throws {TypeError | RangeError} for wrong use.
   */
  sign(url: FileUrl & KnownEnd): string {
    object<FileUrl & FileUrlEnd>(url, 'url', SIGN)
    const { path, operation, user, expires, expiresIn, now } = url
    return this.#key.sign(path, operation, user, knownEnd(expires, expiresIn, now))
  }

  /**
   * Returns the signature and its expiry. The verifier needs both.
   *
   * @throws {TypeError | RangeError} for wrong use.
   */
  signed(url: FileUrl & FileUrlEnd): FileUrlSignature {
    object(url, 'url', SIGN)
    const { path, operation, user } = url
    const expires = resolvedEnd(url.expires, url.expiresIn, url.now)
    return Object.freeze({ signature: this.#key.sign(path, operation, user, expires), expires })
  }

  /**
   * Returns the signed URL, `{base}/files?path=…`.
   *
   * @param base The URL of the sandbox's controller, `https://49983-{sandboxId}.{domain}`.
   * @throws {TypeError | RangeError} for wrong use.
   */
  url(base: Text, url: FileUrl & FileUrlEnd): string {
    object(url, 'url', SIGN)
    const { path, operation, user, expires, expiresIn, now } = url
    return this.#key.url(base, path, operation, user, end(expires, expiresIn, now))
  }

  /**
   * Refuses a signature that is not that of this URL, and a URL that has expired.
   *
   * @throws {SandgateError} `ERR_SANDGATE_INVALID`, `ERR_SANDGATE_EXPIRED`.
   * @throws {TypeError | RangeError} for wrong use.
   */
  verify(signature: Text, url: SignedFileUrl): void {
    const refusal = this.#refusal(signature, url)
    if (refusal !== undefined) throw denied(refusal)
  }

  /**
   * Whether the signature is that of this URL, and the URL has not expired.
   *
   * @throws {TypeError | RangeError} for wrong use, and never for a refusal.
   */
  isValid(signature: Text, url: SignedFileUrl): boolean {
    return this.#refusal(signature, url) === undefined
  }

  /** Omitting an argument is cheaper than passing `undefined`, which costs as much as a value. The default is "read". */
  #refusal(signature: Text, url: SignedFileUrl): Refusal | undefined {
    object(url, 'url', PRESENTED)
    const { path, operation, user, expires, now } = url
    // A URL without an expiry is valid at any time.
    const time = now == null && expires == null ? 0 : instant(now)
    return operation === undefined || operation === 'read'
      ? this.#key.verify(signature, path, user, seconds(expires), time)
      : this.#key.verify(signature, path, user, seconds(expires), time, operation)
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
    const granted = this.#key.verifyQuery(query, given.operation, instant(given.now))
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
