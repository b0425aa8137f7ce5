import type { Refusal, RefusedCreation } from './addon.js'
import type { Text } from './values.js'
import { native } from './native.js'

/**
 * Where a request was refused: at a protected route, at a file route by its token or by its signature, at the edge by the
 * traffic token, by the host, or at a route that only the platform may call; a request to initialise a controller; a request
 * that would wake a sandbox; a webhook by its signature; or a sandbox at its creation.
 */
export type Gate =
  | 'route'
  | 'file_token'
  | 'file_signature'
  | 'traffic'
  | 'host'
  | 'internal_route'
  | 'init'
  | 'wake'
  | 'webhook'
  | 'creation'

/**
 * Why a request was refused, the same in all languages.
 *
 * - `ERR_SANDGATE_MISSING`: nothing was presented.
 * - `ERR_SANDGATE_MALFORMED`: what was presented cannot be read without guessing.
 * - `ERR_SANDGATE_INVALID`: it is not the right secret, or not its signature.
 * - `ERR_SANDGATE_EXPIRED`: the signature is right and its time is over.
 * - `ERR_SANDGATE_LIFETIME_TOO_LONG`: the signature is right and lasts longer than the verifier accepts.
 * - `ERR_SANDGATE_OUT_OF_SCOPE`: what was presented does not reach as far as the request.
 * - `ERR_SANDGATE_NOT_INITIALIZED`: the controller waits for its token.
 */
export type DeniedCode =
  | 'ERR_SANDGATE_MISSING'
  | 'ERR_SANDGATE_MALFORMED'
  | 'ERR_SANDGATE_INVALID'
  | 'ERR_SANDGATE_EXPIRED'
  | 'ERR_SANDGATE_LIFETIME_TOO_LONG'
  | 'ERR_SANDGATE_OUT_OF_SCOPE'
  | 'ERR_SANDGATE_NOT_INITIALIZED'

/** Why a sandbox was not created. */
export type CreationCode =
  | 'ERR_SANDGATE_TEMPLATE_TOO_OLD'
  | 'ERR_SANDGATE_TEMPLATE_VERSION_UNKNOWN'
  | 'ERR_SANDGATE_RESTRICTED_NEEDS_SECURE'

/** A code of core as the `code` of an error. @internal */
export function errorCode(code: string): string {
  return `ERR_SANDGATE_${code.toUpperCase()}`
}

/**
 * A request is refused. It carries nothing of what was presented.
 *
 * Wrong use is no refusal: it is a `TypeError` or a `RangeError` with a `code`, which names the argument and does not show it.
 *
 * @example
 * try {
 *   controller.check({ method: 'GET', target })
 * } catch (error) {
 *   if (!(error instanceof SandgateError)) throw error
 *   response.writeHead(error.status, { 'content-type': 'application/json' }).end(error.body)
 * }
 */
export class SandgateError extends Error {
  /** Why: a stable code. */
  readonly code: DeniedCode | CreationCode
  /** Where. */
  readonly gate: Gate
  /** The HTTP status to answer with. */
  readonly status: number
  readonly #refusal: Refusal

  /** @internal */
  constructor(gate: string, code: string, status: number, message: string, refusal: Refusal) {
    super(message)
    this.code = errorCode(code) as DeniedCode | CreationCode
    this.gate = gate as Gate
    this.status = status
    this.#refusal = refusal
  }

  /** The JSON body of the controller, `{"code":401,"message":"…"}`. */
  get body(): string {
    return native.refusalBody(this.#refusal)
  }

  /**
   * The JSON body of the edge, which names the sandbox, or the path that is not there.
   *
   * @param sandboxId The sandbox of the route; leave it out where the host named none.
   * @param target Path and query of the request line, as received.
   */
  edgeBody(sandboxId: Text | null | undefined, target: Text): string {
    return native.edgeRefusalBody(this.#refusal, sandboxId, target)
  }
}
Object.defineProperty(SandgateError.prototype, 'name', { value: 'SandgateError', configurable: true, writable: true })

/** The error for a refusal. @internal */
export function denied(refusal: Refusal): SandgateError {
  const [gate, code, status, message] = native.refusals[refusal]!
  return new SandgateError(gate, code, status, message, refusal)
}

/** A sandbox is not created. */
export class CreationRefusedError extends SandgateError {
  declare readonly code: CreationCode
  /** Why. */
  readonly reason: 'template_too_old' | 'template_version_unknown' | 'restricted_needs_secure'
  readonly #body: string

  /** @internal */
  constructor(refused: RefusedCreation) {
    super('creation', refused.reason, refused.status, refused.message, 0)
    this.reason = refused.reason as CreationRefusedError['reason']
    this.#body = refused.body
  }

  /** The JSON body to answer with. */
  override get body(): string {
    return this.#body
  }

  /** The same: an edge creates no sandboxes. */
  override edgeBody(): string {
    return this.#body
  }
}
Object.defineProperty(CreationRefusedError.prototype, 'name', { value: 'CreationRefusedError', configurable: true, writable: true })
