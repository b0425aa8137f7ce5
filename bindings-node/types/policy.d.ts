import type { Carrier } from './values.js';
export type { Carrier };
/** A wire format. */
export type Version = 'v1' | 'v2';
/** The options of a policy. An omitted one is as in `base`. */
export interface PolicyOptions {
    /** The policy to start with, by default the default policy. */
    base?: Policy | null | undefined;
    /** How many seconds clocks may differ, 0 to 300. For v2 only: a v1 URL expires exactly at its time. */
    leeway?: number | null | undefined;
    /** How many seconds ahead a v2 credential may expire, at most 2^32 - 1. */
    maxLifetime?: number | null | undefined;
    /** The same for signed hosts. */
    signedHostMaxLifetime?: number | null | undefined;
    /** Where an edge looks for a credential. */
    carriers?: readonly Carrier[] | null | undefined;
    /** Which wire formats are accepted. */
    versions?: readonly Version[] | null | undefined;
    /** Whether a v1 file URL must have an expiry. */
    v1ExpiryRequired?: boolean | null | undefined;
}
/**
 * What a `Controller` and an `Edge` accept, apart from their secrets.
 *
 * Without options: both wire formats; at the edge the carriers "header" and "host"; no leeway, lifetimes of at most 7 days, for
 * signed hosts of one day; v1 URLs without an expiry.
 *
 * @example
 * const strict = new Policy({ base: Policy.V2_ALONE, leeway: 30, carriers: ['header', 'cookie'] })
 */
export declare class Policy {
    #private;
    /** Accepts what E2B's SDKs send today: only v1, in headers. */
    static readonly E2B_SDKS: Policy;
    /** Accepts only v2. */
    static readonly V2_ALONE: Policy;
    /**
     * @throws {RangeError} `ERR_SANDGATE_LEEWAY` for more than 300 seconds, `ERR_OUT_OF_RANGE` for a number outside the range.
     * @throws {TypeError} for a value of the wrong type.
     */
    constructor(options?: PolicyOptions);
    /** The policy in words. It contains no secret. */
    toString(): string;
}
