import type { Carrier } from './values.js';
export type { Carrier };
/** A wire format. */
export type Version = 'v1' | 'v2';
/** What a policy is made of; what is left out is as in `base`. */
export interface PolicyOptions {
    /** The policy to start with, otherwise the default one. */
    base?: Policy | null | undefined;
    /** By how many seconds clocks may differ, 0 to 300. */
    leeway?: number | null | undefined;
    /** How many seconds ahead the end of what v2 signs may lie, at most 2^32 - 1. */
    maxLifetime?: number | null | undefined;
    /** The same for signed hosts. */
    signedHostMaxLifetime?: number | null | undefined;
    /** Where an edge looks for a credential. */
    carriers?: readonly Carrier[] | null | undefined;
    /** Which wire formats are accepted. */
    versions?: readonly Version[] | null | undefined;
    /** Whether a file URL of v1 must end. */
    v1ExpiryRequired?: boolean | null | undefined;
}
/**
 * What a `Controller` and an `Edge` accept, beside the secrets that they know.
 *
 * Without options: both wire formats; at the edge the carriers "header" and "host"; no leeway, lifetimes of at most 7 days, for
 * signed hosts of one day; v1 URLs without an end.
 *
 * @example
 * const strict = new Policy({ base: Policy.V2_ALONE, leeway: 30, carriers: ['header', 'cookie'] })
 */
export declare class Policy {
    #private;
    /** What the SDKs of E2B send today: v1 alone, in headers. */
    static readonly E2B_SDKS: Policy;
    /** v2 alone. */
    static readonly V2_ALONE: Policy;
    /**
     * @throws {RangeError} `ERR_SANDGATE_LEEWAY` for more than 300 seconds, `ERR_OUT_OF_RANGE` for what is no such number.
     * @throws {TypeError} for a value of the wrong type.
     */
    constructor(options?: PolicyOptions);
    /** What it is, in words; there is no secret in a policy. */
    toString(): string;
}
