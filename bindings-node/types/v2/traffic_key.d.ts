import { DISPOSE } from '../dispose.js';
import type { Lifetime, Text, Time } from '../values.js';
/** The expiry of a signed host: exactly one of `expires` and `expiresIn` is required. */
export interface IssueSignedHostOptions {
    /** The last second for which it is valid, in Unix seconds. */
    expires?: Time | null | undefined;
    /** How many seconds from now, 0 or more; 0 holds until the current second is over. */
    expiresIn?: Lifetime | null | undefined;
    /** The current time; otherwise the clock is read. */
    now?: Time | null | undefined;
}
/** The expiry of a pass, and its context. */
export interface IssuePassOptions extends IssueSignedHostOptions {
    /** The context: a value that both sides know of the client and the pass does not carry, 1 to 255 bytes. */
    context?: Text | null | undefined;
}
/** The options for verifying a signed host. */
export interface VerifySignedHostOptions {
    /** The current time; otherwise the clock is read. */
    now?: Time | null | undefined;
}
/** The options for verifying a pass. */
export interface VerifyPassOptions extends VerifySignedHostOptions {
    /** The context. Required if the credential was signed for one, refused otherwise. */
    context?: Text | null | undefined;
}
/** The options of a key. */
export interface TrafficKeyOptions {
    /** How many seconds clocks may differ, 0 to 300, 0 by default. */
    leeway?: number | null | undefined;
    /** How many seconds ahead a pass may expire, at most 2^32 - 1, 7 days by default. */
    maxLifetime?: number | null | undefined;
    /** The same for signed hosts, one day by default. */
    signedHostMaxLifetime?: number | null | undefined;
    /** The controllers' port, 49983 by default. */
    controllerPort?: number | null | undefined;
}
/**
 * The key, derived from a v2 traffic token, that issues and verifies traffic passes and signed hosts.
 *
 * @example
 * const key = new TrafficKey(trafficToken)
 * key.verifyPass(key.issuePass(8080, { expires: 1800000060 }), 8080, { now: 1800000000 }) // 1800000060
 */
export declare class TrafficKey {
    #private;
    /**
     * @param trafficToken `sg2t.…`, 50 characters.
     * @throws {RangeError} `ERR_SANDGATE_…_GIVEN` for another kind of secret, `ERR_SANDGATE_TOKEN_SHAPE`, `ERR_SANDGATE_LEEWAY`,
     * `ERR_SANDGATE_PORT`.
     * @throws {TypeError} for a value of the wrong type.
     */
    constructor(trafficToken: Text, options?: TrafficKeyOptions);
    /** The key id of the token. */
    get kid(): string;
    /**
     * Issues a pass to a port. `expires` is the last second for which it is valid.
     *
     * @param port 1 to 65535, and not the controller's.
     * @throws {RangeError} `ERR_SANDGATE_CONTROLLER_PORT`, `ERR_SANDGATE_PORT`, `ERR_SANDGATE_TIME`, `ERR_SANDGATE_CONTEXT`.
     * @throws {TypeError} for a value of the wrong type.
     */
    issuePass(port: number, options: IssuePassOptions): string;
    /**
     * Issues the label of a signed host for a port of the sandbox, at most 63 characters. `expires` is the last second for which it is valid.
     *
     * @param sandboxId The sandbox to which the token belongs: a label for another one is never valid. `[a-z0-9]+`; 21 characters
     *   fit beside a port of 5 digits.
     * @param port 1 to 65535, and not the controller's.
     * @throws {RangeError} `ERR_SANDGATE_SIGNED_HOST`, `ERR_SANDGATE_CONTROLLER_PORT`, `ERR_SANDGATE_PORT`, `ERR_SANDGATE_TIME`.
     * @throws {TypeError} for a value of the wrong type.
     */
    issueSignedHost(sandboxId: Text, port: number, options: IssueSignedHostOptions): string;
    /**
     * Verifies a pass that was presented for a port, and returns its expiry in Unix seconds.
     *
     * @throws {SandgateError} unless it is valid now.
     * @throws {TypeError | RangeError} for wrong use.
     */
    verifyPass(presented: Text, port: number, options?: VerifyPassOptions): number;
    /**
     * Verifies a signed host that was presented for a port of the sandbox, and returns its expiry in Unix seconds.
     *
     * @throws {SandgateError} unless it is valid now.
     * @throws {TypeError | RangeError} for wrong use.
     */
    verifySignedHost(label: Text, sandboxId: Text, port: number, options?: VerifySignedHostOptions): number;
    /** Wipes its secrets at once. Whatever is called later throws an `Error`, `ERR_SANDGATE_DISPOSED`. */
    dispose(): void;
    /** The same, for `using`. */
    [DISPOSE](): void;
}
