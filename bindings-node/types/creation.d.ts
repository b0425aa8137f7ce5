import type { Text } from './values.js';
/** What a request to create a sandbox says. */
export interface CreationOptions {
    /** On unless it is `false`. */
    secure?: unknown;
    /** On unless it is given and falsy; undefined is not given. */
    allowPublicTraffic?: unknown;
    /** The version of the controller in the template, such as "0.6.4". Text that is no valid Unicode is an unknown version. */
    envdVersion?: Text | null | undefined;
}
/** The credentials to issue. */
export interface Credentials {
    readonly accessToken: boolean;
    readonly trafficToken: boolean;
}
/**
 * What is decided when a sandbox is created: which credentials it gets. One that should be secure is secure or is not created.
 *
 * @throws {CreationRefusedError} if it is not created.
 * @throws {TypeError | RangeError} for wrong use.
 *
 * @example
 * decide({ envdVersion: '0.6.4' }) // { accessToken: true, trafficToken: false }
 */
export declare function decide(options?: CreationOptions): Credentials;
