import { DISPOSE } from '../dispose.js';
import type { Text } from '../values.js';
import { type Generation } from './generation.js';
import { type Seeds } from './seeds.js';
import { type TrafficKeyring } from './traffic_keyring.js';
export type { Generation, Seeds };
/**
 * 1 to 8 seeds of at least 32 bytes each by their key ids, one of `[0-9a-z]`: the first one derives tokens, all verify them.
 * Generations start at 0; a new one revokes what was made for the one before.
 *
 * A sandbox id is 1 to 63 characters of `[A-Za-z0-9_-]`, without `sandbox-traffic-` in front; anything else is a `RangeError`,
 * `ERR_SANDGATE_SANDBOX_ID`.
 *
 * @example
 * const keyring = new Keyring({ b: 'the seed of this year, 32 bytes or more', a: 'the seed of last year, 32 bytes or more' })
 * const token = keyring.accessToken('i94gcaqbpvohfr764s5l', { generation: 3 }) // 'sg2a.b.…'
 * keyring.isValidAccessToken('i94gcaqbpvohfr764s5l', token, { generation: 4 }) // false
 */
export declare class Keyring {
    #private;
    /**
     * @param seeds A `Map`, pairs, or an object. JavaScript moves the keys of an object that are integers to its front: one of
     * several keys with a digit among them is refused.
     * @throws {RangeError} `ERR_SANDGATE_WEAK_SEED`, `ERR_SANDGATE_KEY_ID`, `ERR_SANDGATE_REPEATED_KEY`,
     * `ERR_SANDGATE_TOO_MANY_SEEDS`.
     * @throws {TypeError} for a value of the wrong type.
     */
    constructor(seeds: Seeds);
    /**
     * The sandbox's access token, 50 characters.
     *
     * @throws {TypeError | RangeError} for wrong use.
     */
    accessToken(sandboxId: Text, options?: Generation): string;
    /**
     * The sandbox's traffic token, 50 characters. Its generation is counted separately.
     *
     * @throws {TypeError | RangeError} for wrong use.
     */
    trafficToken(sandboxId: Text, options?: Generation): string;
    /**
     * Refuses what is not the sandbox's access token.
     *
     * @throws {SandgateError} if it is not the sandbox's.
     * @throws {TypeError | RangeError} for wrong use.
     */
    verifyAccessToken(sandboxId: Text, presented: Text, options?: Generation): void;
    /**
     * Refuses what is not the sandbox's traffic token.
     *
     * @throws {SandgateError} if it is not the sandbox's.
     * @throws {TypeError | RangeError} for wrong use.
     */
    verifyTrafficToken(sandboxId: Text, presented: Text, options?: Generation): void;
    /**
     * Whether this is the sandbox's access token.
     *
     * @throws {TypeError | RangeError} for wrong use, and never for a refusal.
     */
    isValidAccessToken(sandboxId: Text, presented: Text, options?: Generation): boolean;
    /**
     * Whether this is the sandbox's traffic token.
     *
     * @throws {TypeError | RangeError} for wrong use, and never for a refusal.
     */
    isValidTrafficToken(sandboxId: Text, presented: Text, options?: Generation): boolean;
    /** What an edge is given: all that is needed for traffic, and nothing that opens a controller. */
    traffic(): TrafficKeyring;
    /** Wipes its secrets at once. Whatever is called later throws an `Error`, `ERR_SANDGATE_DISPOSED`. */
    dispose(): void;
    /** The same, for `using`. */
    [DISPOSE](): void;
}
