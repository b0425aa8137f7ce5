import type { Refusal, V1FileUrlKey } from '../addon.js'
import { names, object, optionsOf } from '../arguments.js'
import { DISPOSE } from '../dispose.js'
import type { FileOperation, Lifetime, Text, Time } from '../values.js'
import { denied } from '../errors.js'
import { Grant } from '../grant.js'
import { native } from '../native.js'
import { end, instant, knownEnd, resolvedEnd, seconds } from '../time.js'

/** What a file URL says: one operation on one path, as one user. */
export interface FileUrl {
  /** As it stands in the sandbox: bytes, nothing is normalised. Empty for an upload whose file name chooses. */
  path: Text
  /** "read" unless it is given. */
  operation?: FileOperation | null | undefined
  /** The server's default holds without one. */
  user?: Text | null | undefined
}

/** When a file URL ends: not both, and of v1 neither for one that never ends. */
export interface FileUrlEnd {
  /** Its last second, in Unix seconds. */
  expires?: Time | null | undefined
  /** How many seconds from now, 0 or more; 0 holds until the current second is over. */
  expiresIn?: Lifetime | null | undefined
  /** When it is, otherwise the clock says. */
  now?: Time | null | undefined
}

/** The same for a signature alone, which does not tell its end: `expiresIn` needs a `now`. */
export type KnownEnd = FileUrlEnd & ({ expiresIn?: null | undefined } | { now: Time })

/** A signature, and when it ends. */
export interface FileUrlSignature {
  readonly signature: string
  /** Its last second in Unix seconds, a bigint above 2^53 - 1; undefined: it never ends. */
  readonly expires: number | bigint | undefined
}

/** A file URL as it is presented. */
export interface SignedFileUrl extends FileUrl {
  /** What it says of its last second, in Unix seconds. */
  expires?: Time | null | undefined
  /** When it is, otherwise the clock says. */
  now?: Time | null | undefined
}

/** What a query is asked for. */
export interface VerifyQueryOptions {
  /** "read" unless it is given. */
  operation?: FileOperation | null | undefined
  /** When it is, otherwise the clock says. */
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
 * An access token as the key that signs and verifies file URLs.
 *
 * A URL is for one operation on one path, as one user, until the end of the second `expires`; without an end it never ends.
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
   * The signature, 46 characters.
   *
   * @throws {RangeError} `ERR_INVALID_ARG_VALUE` for `expiresIn` without `now`: the end would be lost. `signed` returns it.
   * @throws {TypeError | RangeError} for wrong use.
   */
  sign(url: FileUrl & KnownEnd): string {
    object<FileUrl & FileUrlEnd>(url, 'url', SIGN)
    const { path, operation, user, expires, expiresIn, now } = url
    return this.#key.sign(path, operation, user, knownEnd(expires, expiresIn, now))
  }

  /**
   * Returns the signature and its end. The verifier needs both.
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
   * The signed URL, `{base}/files?path=…`.
   *
   * @param base The sandbox's controller, `https://49983-{sandboxId}.{domain}`.
   * @throws {TypeError | RangeError} for wrong use.
   */
  url(base: Text, url: FileUrl & FileUrlEnd): string {
    object(url, 'url', SIGN)
    const { path, operation, user, expires, expiresIn, now } = url
    return this.#key.url(base, path, operation, user, end(expires, expiresIn, now))
  }

  /**
   * Refuses a signature that is not that of this URL, and a URL that has ended.
   *
   * @throws {SandgateError} `ERR_SANDGATE_INVALID`, `ERR_SANDGATE_EXPIRED`.
   * @throws {TypeError | RangeError} for wrong use.
   */
  verify(signature: Text, url: SignedFileUrl): void {
    const refusal = this.#refusal(signature, url)
    if (refusal !== undefined) throw denied(refusal)
  }

  /**
   * Whether the signature is that of this URL, and the URL has not ended.
   *
   * @throws {TypeError | RangeError} for wrong use, and never for a refusal.
   */
  isValid(signature: Text, url: SignedFileUrl): boolean {
    return this.#refusal(signature, url) === undefined
  }

  /** An argument that is not passed costs the addon nothing, `undefined` as much as a value. Its default is "read". */
  #refusal(signature: Text, url: SignedFileUrl): Refusal | undefined {
    object(url, 'url', PRESENTED)
    const { path, operation, user, expires, now } = url
    // What never ends holds at any time.
    const time = now == null && expires == null ? 0 : instant(now)
    return operation === undefined || operation === 'read'
      ? this.#key.verify(signature, path, user, seconds(expires), time)
      : this.#key.verify(signature, path, user, seconds(expires), time, operation)
  }

  /**
   * What a raw query grants.
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
