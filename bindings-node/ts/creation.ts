import { named } from './arguments.js'
import type { Text } from './values.js'
import { CreationRefusedError } from './errors.js'
import { native } from './native.js'

/** The options of a request to create a sandbox. */
export interface CreationOptions {
  /** On unless it is `false`. */
  secure?: unknown
  /** On unless it is falsy; undefined counts as absent, and `restrictedByDefault` decides. */
  allowPublicTraffic?: unknown
  /** What the operator says about requests that do not mention `allowPublicTraffic`: traffic is public unless this is `true`. */
  restrictedByDefault?: boolean | null | undefined
  /** The version of the controller in the template, such as "0.6.4". Text that is not valid Unicode is an unknown version. */
  envdVersion?: Text | null | undefined
}

/** The credentials to issue. */
export interface Credentials {
  readonly accessToken: boolean
  readonly trafficToken: boolean
}

/**
 * Decides which credentials a new sandbox gets. A sandbox that should be secure is secure or is not created.
 *
 * @throws {CreationRefusedError} if it is not created.
 * @throws {TypeError | RangeError} for wrong use.
 *
 * @example
 * decide({ envdVersion: '0.6.4' }) // { accessToken: true, trafficToken: false }
 */
export function decide(options?: CreationOptions): Credentials {
  const { secure, allowPublicTraffic, envdVersion, restrictedByDefault } = named(
    options,
    'secure',
    'allowPublicTraffic',
    'envdVersion',
    'restrictedByDefault',
  )
  // Core has the defaults.
  const decided = native.decide(
    secure === undefined ? undefined : secure !== false,
    allowPublicTraffic === undefined ? undefined : Boolean(allowPublicTraffic),
    envdVersion,
    restrictedByDefault,
  )
  if (!Array.isArray(decided)) throw new CreationRefusedError(decided)
  return Object.freeze({ accessToken: decided[0], trafficToken: decided[1] })
}
