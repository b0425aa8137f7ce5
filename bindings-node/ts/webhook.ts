import { initialize } from '#initialize'
import type { Refusal, WebhookVerification, WebhookVerifier } from './addon.js'
import { wrongType } from './arguments.js'
import { DISPOSE } from './dispose.js'
import { denied } from './errors.js'
import { native } from './native.js'
import type { Text } from './values.js'

/** The header with the signature. */
export const SIGNATURE_HEADER: 'e2b-signature' = native.headers.webhookSignature
/** The header with the version of the signature. It may be absent. */
export const VERSION_HEADER: 'e2b-signature-version' = native.headers.webhookVersion
/** The only version. */
export const VERSION: 'v1' = native.headers.webhookIsVersion

/** The headers of a request: `Headers`, pairs of name and value, or an object such as `request.headers` of `node:http`. */
export type WebhookHeaders =
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>

/** The native object that a verification starts with. */
class Start {
  constructor(readonly verification: WebhookVerification) {}
}

/**
 * The secrets of a receiver of webhooks, of which any may have signed: several while one is replaced.
 *
 * The format is E2B's: a plain hash with the secret in front, which holds no time. Read a verified body with `JSON.parse` from strictly
 * decoded UTF-8 (`new TextDecoder('utf-8', { fatal: true })`), and remember the ids of the events that you have handled.
 *
 * @example
 * const verifier = new webhook.Verifier(process.env.WEBHOOK_SECRET)
 * app.post('/events', express.raw({ type: '*\/*' }), (request, response) => {
 *   verifier.verify(request.headers, request.body)
 *   response.sendStatus(204)
 * })
 */
export class Verifier {
  readonly #verifier: WebhookVerifier

  /**
   * @param secret At least 16 bytes. Up to 8 secrets.
   * @throws {RangeError} `ERR_SANDGATE_WEBHOOK_SECRET`, `ERR_SANDGATE_TOO_MANY_SECRETS`.
   * @throws {TypeError} for a value of the wrong type.
   */
  constructor(secret: Text, ...more: Text[]) {
    this.#verifier = initialize().webhookVerifier([secret, ...more])
    Object.freeze(this)
  }

  /**
   * Refuses a body that none of the secrets signed.
   *
   * @param body The bytes as received, before anything parses them.
   * @throws {SandgateError} gate "webhook": `ERR_SANDGATE_MISSING` without a signature; `ERR_SANDGATE_MALFORMED` for a header that was
   * given twice, another version than `v1`, or a signature that is not 43 characters of base64; `ERR_SANDGATE_INVALID`.
   * @throws {TypeError} for wrong use.
   */
  verify(headers: WebhookHeaders, body: Uint8Array): void {
    const refusal = this.#ask(headers, body)
    if (refusal !== undefined) throw denied(refusal)
  }

  /**
   * Whether one of the secrets signed this body.
   *
   * @throws {TypeError} for wrong use, and never for a refusal.
   */
  isValid(headers: WebhookHeaders, body: Uint8Array): boolean {
    return this.#ask(headers, body) === undefined
  }

  /**
   * Begins to verify a body that comes in pieces. Do not act on any of them before `finish` returns, and limit how much you read.
   *
   * @throws {SandgateError} if the headers are refused, whatever the body.
   * @throws {TypeError} for wrong use.
   *
   * @example
   * const verification = verifier.start(request.headers)
   * for await (const piece of request) verification.update(piece)
   * verification.finish()
   */
  start(headers: WebhookHeaders): Verification {
    const answer = initialize().webhookStart(this.#verifier.handle, linesOf(headers))
    if (typeof answer === 'number') throw denied(answer)
    return new Verification(new Start(answer) as never)
  }

  #ask(headers: WebhookHeaders, body: Uint8Array): Refusal | undefined {
    return initialize().webhookVerify(this.#verifier.handle, linesOf(headers), bodyBytes(body, 'body'))
  }

  /** Wipes its secrets at once. Whatever is called later throws an `Error`, `ERR_SANDGATE_DISPOSED`. */
  dispose(): void {
    this.#verifier.dispose()
  }

  /** The same, for `using`. */
  [DISPOSE](): void {
    this.dispose()
  }
}

/** The verification of a body that comes in pieces: `Verifier.start` returns one. */
export class Verification {
  #verification: WebhookVerification

  /** @internal */
  constructor(start: never) {
    if (!((start as unknown) instanceof Start)) throw wrongType('verification', 'made by Verifier.start')
    this.#verification = (start as Start).verification
    Object.freeze(this)
  }

  /**
   * Takes the next piece of the body.
   *
   * @throws {TypeError} for wrong use.
   */
  update(piece: Uint8Array): void {
    const before = this.#verification
    this.#verification = initialize().webhookUpdate(before.handle, bodyBytes(piece, 'piece'))
    before.dispose()
  }

  /**
   * Refuses unless the pieces so far are the signed body.
   *
   * @throws {SandgateError} `ERR_SANDGATE_INVALID`.
   */
  finish(): void {
    const refusal = initialize().webhookFinish(this.#verification.handle)
    if (refusal !== undefined) throw denied(refusal)
  }

  /** Wipes it at once. Whatever is called later throws an `Error`, `ERR_SANDGATE_DISPOSED`. */
  dispose(): void {
    this.#verification.dispose()
  }

  /** The same, for `using`. */
  [DISPOSE](): void {
    this.dispose()
  }
}

/**
 * Signs the body of a webhook, as a platform that sends events does: 43 characters for the header `e2b-signature`. Send
 * `e2b-signature-version: v1` beside it.
 *
 * @throws {RangeError} `ERR_SANDGATE_WEBHOOK_SECRET` for a secret of fewer than 16 bytes.
 * @throws {TypeError} for a value of the wrong type.
 */
export function sign(secret: Text, body: Uint8Array): string {
  return initialize().webhookSign(secret, bodyBytes(body, 'body'))
}

/** The name of the class of an array, of any realm; undefined for other values. */
const arrayName = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)!.get!

/** A body must be bytes: one that was decoded to text may have other bytes than the signed ones. @internal */
export function bodyBytes(body: Uint8Array, name: string): Uint8Array {
  if (arrayName.call(body) !== 'Uint8Array') throw wrongType(name, 'a Uint8Array, the bytes as received')
  return body
}

/** Names and values in turn, of the two headers alone. @internal */
export function linesOf(headers: WebhookHeaders): Text[] {
  if (typeof headers !== 'object' || headers === null) throw noHeaders()
  const lines: Text[] = []
  const add = (name: string, value: string): void => {
    const known = name.toLowerCase()
    if (known === SIGNATURE_HEADER || known === VERSION_HEADER) lines.push(known, value)
  }
  if (Symbol.iterator in headers) {
    if (typeof headers[Symbol.iterator] !== 'function') throw noHeaders()
    for (const pair of headers as Iterable<readonly [string, string]>) {
      if (!Array.isArray(pair) || typeof pair[0] !== 'string') throw noHeaders()
      add(pair[0], pair[1])
    }
    return lines
  }
  for (const [name, given] of Object.entries(headers)) {
    if (given === undefined) continue
    for (const value of Array.isArray(given) ? (given as readonly string[]) : [given as string]) add(name, value)
  }
  return lines
}

function noHeaders(): Error {
  return wrongType('headers', 'Headers, an iterable of pairs of name and value, or an object of values by name')
}
