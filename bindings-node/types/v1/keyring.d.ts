import { DISPOSE } from '../dispose.js';
import type { Text } from '../values.js';
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
export declare class Keyring {
    #private;
    /**
     * @throws {RangeError} `ERR_SANDGATE_WEAK_SEED`, `ERR_SANDGATE_TOO_MANY_SEEDS`.
     * @throws {TypeError} for a value of the wrong type.
     */
    constructor(seed: Text, ...more: Text[]);
    /**
     * The sandbox's access token, 64 hex digits.
     *
     * @throws {TypeError | RangeError} for wrong use.
     */
    accessToken(sandboxId: Text): string;
    /**
     * The sandbox's traffic token, 64 hex digits.
     *
     * @throws {TypeError | RangeError} for wrong use.
     */
    trafficToken(sandboxId: Text): string;
    /**
     * Refuses what is not the access token that some seed gives.
     *
     * @throws {SandgateError} if it is not the sandbox's.
     * @throws {TypeError | RangeError} for wrong use.
     */
    verifyAccessToken(sandboxId: Text, presented: Text): void;
    /**
     * Refuses what is not the traffic token that some seed gives.
     *
     * @throws {SandgateError} if it is not the sandbox's.
     * @throws {TypeError | RangeError} for wrong use.
     */
    verifyTrafficToken(sandboxId: Text, presented: Text): void;
    /**
     * Whether some seed gives this access token.
     *
     * @throws {TypeError | RangeError} for wrong use, and never for a refusal.
     */
    isValidAccessToken(sandboxId: Text, presented: Text): boolean;
    /**
     * Whether some seed gives this traffic token.
     *
     * @throws {TypeError | RangeError} for wrong use, and never for a refusal.
     */
    isValidTrafficToken(sandboxId: Text, presented: Text): boolean;
    /** Wipes its secrets at once. Whatever is called later throws an `Error`, `ERR_SANDGATE_DISPOSED`. */
    dispose(): void;
    /** The same, for `using`. */
    [DISPOSE](): void;
}
