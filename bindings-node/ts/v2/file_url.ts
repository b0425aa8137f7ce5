import type { V2FileUrlKey } from '../addon.js'
import { named, names, object, optionsOf } from '../arguments.js'
import { DISPOSE } from '../dispose.js'
import type { FileOperation, Lifetime, Text, Time } from '../values.js'
import { denied } from '../errors.js'
import { Grant } from '../grant.js'
import { native } from '../native.js'
import { end, instant, knownEnd, resolvedEnd, seconds } from '../time.js'

/** What a file URL says. */
export interface FileUrl {
  /** 1 to 4096 bytes of UTF-8 without NUL; beside a directory it may be empty and is otherwise inside. */
  path: Text
  /** "read" unless it is given. */
  operation?: FileOperation | null | undefined
  /** 0 to 255 bytes of UTF-8 without NUL; absent and empty differ. */
  user?: Text | null | undefined
  /** Signed in place of the path: everything beneath it, `/home/user/in/`. */
  directory?: Text | null | undefined
  /** How many bytes may be written in all, after content decoding, at most 2^53 - 1. */
  maxBytes?: number | bigint | null | undefined
  /** The required SHA-256 of the content, 32 bytes. */
  contentSha256?: Uint8Array | null | undefined
  /** What both sides know of the client and the URL does not carry, 1 to 255 bytes. */
  context?: Text | null | undefined
}

/** When a file URL ends: one of the two is needed, and not both. */
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
  /** Its last second in Unix seconds. */
  readonly expires: number
}

/** A file URL as it is presented. */
export interface SignedFileUrl extends FileUrl {
  /** What it says of its last second, in Unix seconds. */
  expires: Time
  /** When it is, otherwise the clock says. */
  now?: Time | null | undefined
}

/** What a query is asked for. */
export interface VerifyQueryOptions {
  /** "read" unless it is given. */
  operation?: FileOperation | null | undefined
  /** What both sides know of the client, exactly where it was signed. */
  context?: Text | null | undefined
  /** When it is, otherwise the clock says. */
  now?: Time | null | undefined
}

/** How a key verifies. */
export interface FileUrlKeyOptions {
  /** By how many seconds clocks may differ, 0 to 300; otherwise 0. */
  leeway?: number | null | undefined
  /** How many seconds ahead the end of a URL may lie, at most 2^32 - 1; otherwise 7 days. */
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
 * Whether an access token claims to be one of v2; it is then one of v2, or none at all.
 *
 * @throws {TypeError} for a value of the wrong type.
 */
export function isAccessToken(token: Text): boolean {
  return native.v2IsAccessToken(token)
}

/**
 * What follows from an access token of v2 to sign and verify file URLs.
 *
 * A URL is for one operation on one path or a whole `directory`, as one `user`, until the end of the second `expires`, writing at
 * most `maxBytes` or what has the `contentSha256`, for the client that both sides know by `context`.
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
   * @throws {RangeError} `ERR_SANDGATE_…_GIVEN` for another secret, `ERR_SANDGATE_TOKEN_SHAPE`, `ERR_SANDGATE_LEEWAY`.
   * @throws {TypeError} for a value of the wrong type.
   */
  constructor(accessToken: Text, options?: FileUrlKeyOptions) {
    const given = named(options, 'leeway', 'maxLifetime')
    this.#key = native.v2FileUrlKey(accessToken, given.leeway, given.maxLifetime)
    Object.freeze(this)
  }

  /**
   * The signature, 48 characters.
   *
   * @throws {RangeError} `ERR_SANDGATE_PATH`, `ERR_SANDGATE_DIRECTORY`, `ERR_SANDGATE_USER`, `ERR_SANDGATE_LIMIT`,
   * `ERR_SANDGATE_CONTEXT`, `ERR_SANDGATE_TIME`; `ERR_INVALID_ARG_VALUE` for `expiresIn` without `now`: the end would be lost.
   * `signed` returns it.
   * @throws {TypeError} for a value of the wrong type.
   */
  sign(url: FileUrl & KnownEnd): string {
    object<FileUrl & FileUrlEnd>(url, 'url', SIGN)
    return this.#sign(url, knownEnd(url.expires, url.expiresIn, url.now))
  }

  /**
   * Returns the signature and its end. The verifier needs both.
   *
   * @throws {TypeError | RangeError} as `sign` does, and never for `expiresIn` without `now`.
   */
  signed(url: FileUrl & FileUrlEnd): FileUrlSignature {
    object(url, 'url', SIGN)
    const expires = resolvedEnd(url.expires, url.expiresIn, url.now)
    const signature = this.#sign(url, expires)
    // The addon has refused what is none of these.
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
   * The signed URL, `{base}/files?path=…`. An empty path beside a directory is left out, for the client to add.
   *
   * @param base The sandbox's controller, `https://49983-{sandboxId}.{domain}`.
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
   * Refuses a signature that is not that of this URL, and a URL that does not hold now.
   *
   * @throws {SandgateError} if it is refused.
   * @throws {TypeError | RangeError} for wrong use.
   */
  verify(signature: Text, url: SignedFileUrl): void {
    const refusal = this.#refusal(signature, url)
    if (refusal !== undefined) throw denied(refusal)
  }

  /**
   * Whether the signature is that of this URL, and the URL holds now.
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
   * What a raw query grants.
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
