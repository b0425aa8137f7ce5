import { DISPOSE } from '../dispose.js';
import type { Text } from '../values.js';
import { type Generation } from './generation.js';
/**
 * 1 to 8 traffic roots (`sg2r.…`) with distinct key ids: the first one derives, all verify. They open no controller.
 *
 * @example
 * const edge = new TrafficKeyring(trafficRoot('a', 'a seed of at least 32 bytes, kept secret'))
 * edge.isValidTrafficToken('abc', edge.trafficToken('abc')) // true
 */
export declare class TrafficKeyring {
    #private;
    /**
     * @throws {RangeError} `ERR_SANDGATE_TOKEN_SHAPE`, `ERR_SANDGATE_REPEATED_KEY`, `ERR_SANDGATE_TOO_MANY_SEEDS`.
     * @throws {TypeError} for a value of the wrong type.
     */
    constructor(root: Text, ...more: Text[]);
    /**
     * The sandbox's traffic token, 50 characters.
     *
     * @throws {TypeError | RangeError} for wrong use.
     */
    trafficToken(sandboxId: Text, options?: Generation): string;
    /**
     * Refuses what is not the sandbox's traffic token.
     *
     * @throws {SandgateError} if it is not the sandbox's.
     * @throws {TypeError | RangeError} for wrong use.
     */
    verifyTrafficToken(sandboxId: Text, presented: Text, options?: Generation): void;
    /**
     * Whether this is the sandbox's traffic token.
     *
     * @throws {TypeError | RangeError} for wrong use, and never for a refusal.
     */
    isValidTrafficToken(sandboxId: Text, presented: Text, options?: Generation): boolean;
    /** Wipes its secrets at once. Whatever is called later throws an `Error`, `ERR_SANDGATE_DISPOSED`. */
    dispose(): void;
    /** The same, for `using`. */
    [DISPOSE](): void;
}
/**
 * The traffic root of a seed, for the people who configure an edge: `sg2r.…`, a secret.
 *
 * @param keyId One of `[0-9a-z]`.
 * @param seed At least 32 bytes.
 * @throws {RangeError} `ERR_SANDGATE_KEY_ID`, `ERR_SANDGATE_WEAK_SEED`.
 * @throws {TypeError} for a value of the wrong type.
 */
export declare function trafficRoot(keyId: Text, seed: Text): string;
