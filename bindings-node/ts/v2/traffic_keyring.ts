import type { Handle, V2TrafficKeyring } from '../addon.js'
import { optionsOf } from '../arguments.js'
import { DISPOSE } from '../dispose.js'
import type { Text } from '../values.js'
import { denied } from '../errors.js'
import { native } from '../native.js'
import { GENERATION, type Generation } from './generation.js'

/** A keyring of the addon, where a caller gives a root. */
class Adopted {
  constructor(readonly keyring: V2TrafficKeyring) {}
}

let handleOf: (keyring: TrafficKeyring) => Handle

/**
 * 1 to 8 traffic roots (`sg2r.…`) with distinct key ids: the first one derives, all verify. They open no controller.
 *
 * @example
 * const edge = new TrafficKeyring(trafficRoot('a', 'a seed of at least 32 bytes, kept secret'))
 * edge.isValidTrafficToken('abc', edge.trafficToken('abc')) // true
 */
export class TrafficKeyring {
  readonly #keyring: V2TrafficKeyring

  /**
   * @throws {RangeError} `ERR_SANDGATE_TOKEN_SHAPE`, `ERR_SANDGATE_REPEATED_KEY`, `ERR_SANDGATE_TOO_MANY_SEEDS`.
   * @throws {TypeError} for a value of the wrong type.
   */
  constructor(root: Text, ...more: Text[]) {
    this.#keyring = (root as unknown) instanceof Adopted ? (root as unknown as Adopted).keyring : native.v2TrafficKeyring([root, ...more])
    Object.freeze(this)
  }

  /**
   * The sandbox's traffic token, 50 characters.
   *
   * @throws {TypeError | RangeError} for wrong use.
   */
  trafficToken(sandboxId: Text, options?: Generation): string {
    return this.#keyring.trafficToken(sandboxId, optionsOf(options, GENERATION).generation)
  }

  /**
   * Refuses what is not the sandbox's traffic token.
   *
   * @throws {SandgateError} if it is not the sandbox's.
   * @throws {TypeError | RangeError} for wrong use.
   */
  verifyTrafficToken(sandboxId: Text, presented: Text, options?: Generation): void {
    const refusal = this.#keyring.verifyTrafficToken(sandboxId, presented, optionsOf(options, GENERATION).generation)
    if (refusal !== undefined) throw denied(refusal)
  }

  /**
   * Whether this is the sandbox's traffic token.
   *
   * @throws {TypeError | RangeError} for wrong use, and never for a refusal.
   */
  isValidTrafficToken(sandboxId: Text, presented: Text, options?: Generation): boolean {
    return this.#keyring.verifyTrafficToken(sandboxId, presented, optionsOf(options, GENERATION).generation) === undefined
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

/** @internal */
export function adopt(keyring: V2TrafficKeyring): TrafficKeyring {
  return new TrafficKeyring(new Adopted(keyring) as never)
}

/** What the addon knows a keyring by. What is no keyring stays as it is, for the addon to refuse. @internal */
export function trafficKeyringHandle(keyring: TrafficKeyring | null | undefined): Handle | null | undefined {
  return typeof keyring === 'object' && keyring !== null ? handleOf(keyring) : keyring
}

/**
 * The traffic root of a seed, for the people who configure an edge: `sg2r.…`, a secret.
 *
 * @param keyId One of `[0-9a-z]`.
 * @param seed At least 32 bytes.
 * @throws {RangeError} `ERR_SANDGATE_KEY_ID`, `ERR_SANDGATE_WEAK_SEED`.
 * @throws {TypeError} for a value of the wrong type.
 */
export function trafficRoot(keyId: Text, seed: Text): string {
  return native.v2TrafficRoot(keyId, seed)
}
