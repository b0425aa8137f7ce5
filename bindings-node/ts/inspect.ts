import { inspect } from '#inspect'
import type { DescriptionParts } from './addon.js'
import { named } from './arguments.js'
import { Explanation } from './explain.js'
import { instant } from './time.js'
import { ownBytes, type Text, type Time } from './values.js'
import { bodyBytes, linesOf, type WebhookHeaders } from './webhook.js'

/** What a text is. `token` is an access token or a traffic token of v1: its text does not show which. */
export type DescribedKind =
  | 'file_url'
  | 'pass'
  | 'signed_host'
  | 'host'
  | 'access_token'
  | 'traffic_token'
  | 'traffic_root'
  | 'token'
  | 'signature'
  | 'unknown'

/** What a text is and what it says, read without a secret. Nothing of it is verified. */
export class Description {
  /** What it is. */
  readonly kind: DescribedKind
  /** The wire format, if the text shows it. */
  readonly format: 'v1' | 'v2' | undefined
  /** Whether it has the shape of its format. */
  readonly isWellFormed: boolean
  /** The sandbox that the host names. */
  readonly sandboxId: string | undefined
  /** The port that the host names. */
  readonly hostPort: number | undefined
  /** Which seed made it. */
  readonly keyId: string | undefined
  /** The port that is signed. */
  readonly port: number | undefined
  /** The last second in Unix seconds, a bigint above 2^53 - 1. A file URL of v1 without one never ends. */
  readonly expires: number | bigint | undefined
  /** The path of a file URL. */
  readonly path: string | undefined
  /** The user. */
  readonly user: string | undefined
  /** The directory that is signed in place of the path. */
  readonly directory: string | undefined
  /** How many bytes an upload may write at most. */
  readonly maxBytes: number | undefined
  /** The SHA-256 that the uploaded bytes must have, 32 bytes. */
  readonly contentSha256: Uint8Array | undefined
  /** Whether the path, the user or the directory is written percent-encoded, because it is not UTF-8 without NUL. */
  readonly isPercentEncoded: boolean
  readonly #presented: string

  /** @internal */
  constructor(parts: DescriptionParts) {
    this.kind = parts.kind as DescribedKind
    this.format = parts.format
    this.isWellFormed = parts.isWellFormed
    this.#presented = parts.presented
    this.sandboxId = parts.sandboxId
    this.hostPort = parts.hostPort
    this.keyId = parts.keyId
    this.port = parts.port
    this.expires = parts.expires
    this.path = parts.path
    this.user = parts.user
    this.directory = parts.directory
    this.maxBytes = parts.maxBytes
    this.contentSha256 = parts.contentSha256 && ownBytes(parts.contentSha256)
    this.isPercentEncoded = parts.isPercentEncoded
    Object.freeze(this)
  }

  /**
   * What the verifying functions take: the raw query, the pass, the label, or the token. It is a credential, so `console.log`, JSON and
   * copies of this object do not have it.
   */
  get presented(): string {
    return this.#presented
  }
}

/**
 * Says what a text is and what it says, without a secret: a file URL or its query, a traffic pass, a signed host, a token.
 * Nothing is verified.
 *
 * @throws {TypeError} for a value of the wrong type.
 *
 * @example
 * describe('sg2p.a.8080.1800000060.…').port // 8080
 */
export function describe(text: Text): Description {
  return new Description(inspect().describe(text))
}

/** How a pass is looked at. */
export interface ExplainPassOptions {
  /** What both sides know of the client, 1 to 255 bytes. */
  context?: Text | null | undefined
  /** When it is, otherwise the clock says. */
  now?: Time | null | undefined
}

/** How a signed host is looked at. */
export interface ExplainSignedHostOptions {
  /** When it is, otherwise the clock says. */
  now?: Time | null | undefined
}

/**
 * Looks at a traffic pass as an edge with this traffic token would. Undefined: it is accepted.
 *
 * @param port The requested port.
 * @throws {TypeError | RangeError} for wrong use.
 */
export function explainPass(pass: Text, trafficToken: Text, port: number, options?: ExplainPassOptions): Explanation | undefined {
  const given = named(options, 'context', 'now')
  const why = inspect().explainPass(pass, trafficToken, port, given.context, instant(given.now))
  return why && new Explanation(why)
}

/**
 * Looks at the label of a signed host as an edge with this traffic token would. Undefined: it is accepted.
 *
 * @param sandboxId The requested sandbox, whose traffic token this is.
 * @param port The requested port.
 * @throws {TypeError | RangeError} for wrong use.
 */
export function explainSignedHost(
  label: Text,
  trafficToken: Text,
  sandboxId: Text,
  port: number,
  options?: ExplainSignedHostOptions,
): Explanation | undefined {
  const given = named(options, 'now')
  const why = inspect().explainSignedHost(label, trafficToken, sandboxId, port, instant(given.now))
  return why && new Explanation(why)
}

/**
 * Explains why a receiver with this secret refuses a webhook, in words for people: which header, spelling, hash or body would have to
 * differ.
 *
 * @returns undefined for a webhook that it accepts.
 * @throws {RangeError} `ERR_SANDGATE_WEBHOOK_SECRET` for a secret of fewer than 16 bytes.
 * @throws {TypeError} for a value of the wrong type.
 *
 * @example
 * String(explainWebhook(request.headers, secret, body)) // '…; it is an HMAC-SHA256, and should be the plain SHA-256 …'
 */
export function explainWebhook(headers: WebhookHeaders, secret: Text, body: Uint8Array): Explanation | undefined {
  const parts = inspect().explainWebhook(linesOf(headers), secret, bodyBytes(body, 'body'))
  return parts && new Explanation(parts)
}
