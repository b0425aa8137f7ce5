import type { Handle, V1Keyring } from '../addon.js'
import { DISPOSE } from '../dispose.js'
import type { Text } from '../values.js'
import { denied } from '../errors.js'
import { native } from '../native.js'

let handleOf: (keyring: Keyring) => Handle

/**
 * 1 to 8 seeds of at least 16 bytes each: the first one derives tokens, all verify them.
 *
 * A sandbox id is 1 to 63 characters of `[A-Za-z0-9_-]`, without `sandbox-traffic-` in front; anything else is a `RangeError`,
 * `ERR_SANDGATE_SANDBOX_ID`.
 *
 * @example
 * const keyring = new Keyring('a seed of at least 16 bytes')
 * const token = keyring.accessToken('i94gcaqbpvohfr764s5l')
 * keyring.isValidAccessToken('another', token) // false
 */
export class Keyring {
  readonly #keyring: V1Keyring

  /**
   * @throws {RangeError} `ERR_SANDGATE_WEAK_SEED`, `ERR_SANDGATE_TOO_MANY_SEEDS`.
   * @throws {TypeError} for a value of the wrong type.
   */
  constructor(seed: Text, ...more: Text[]) {
    this.#keyring = native.v1Keyring([seed, ...more])
    Object.freeze(this)
  }

  /**
   * The sandbox's access token, 64 hex digits.
   *
   * @throws {TypeError | RangeError} for wrong use.
   */
  accessToken(sandboxId: Text): string {
    return this.#keyring.accessToken(sandboxId)
  }

  /**
   * The sandbox's traffic token, 64 hex digits.
   *
   * @throws {TypeError | RangeError} for wrong use.
   */
  trafficToken(sandboxId: Text): string {
    return this.#keyring.trafficToken(sandboxId)
  }

  /**
   * Refuses what is not the access token that some seed gives.
   *
   * @throws {SandgateError} if it is not the sandbox's.
   * @throws {TypeError | RangeError} for wrong use.
   */
  verifyAccessToken(sandboxId: Text, presented: Text): void {
    const refusal = this.#keyring.verifyAccessToken(sandboxId, presented)
    if (refusal !== undefined) throw denied(refusal)
  }

  /**
   * Refuses what is not the traffic token that some seed gives.
   *
   * @throws {SandgateError} if it is not the sandbox's.
   * @throws {TypeError | RangeError} for wrong use.
   */
  verifyTrafficToken(sandboxId: Text, presented: Text): void {
    const refusal = this.#keyring.verifyTrafficToken(sandboxId, presented)
    if (refusal !== undefined) throw denied(refusal)
  }

  /**
   * Whether some seed gives this access token.
   *
   * @throws {TypeError | RangeError} for wrong use, and never for a refusal.
   */
  isValidAccessToken(sandboxId: Text, presented: Text): boolean {
    return this.#keyring.verifyAccessToken(sandboxId, presented) === undefined
  }

  /**
   * Whether some seed gives this traffic token.
   *
   * @throws {TypeError | RangeError} for wrong use, and never for a refusal.
   */
  isValidTrafficToken(sandboxId: Text, presented: Text): boolean {
    return this.#keyring.verifyTrafficToken(sandboxId, presented) === undefined
  }

  /** Wipes its secrets at once. Whatever is called later throws an `Error`, `ERR_SANDGATE_DISPOSED`. */
  dispose(): void {
    this.#keyring.dispose()
  }

  /** The same, for `using`. */
  [DISPOSE](): void {
    this.dispose()
  }

  static {
    handleOf = (keyring) => (#keyring in keyring ? keyring.#keyring.handle : (keyring as never))
  }
}

/** What the addon knows a keyring by. What is no keyring stays as it is, for the addon to refuse. @internal */
export function keyringHandle(keyring: Keyring | null | undefined): Handle | null | undefined {
  return typeof keyring === 'object' && keyring !== null ? handleOf(keyring) : keyring
}
