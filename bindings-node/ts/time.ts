import { types } from 'node:util'
import { misuse } from './misuse.js'
import { native } from './native.js'
import type { Lifetime, Time } from './values.js'

const getTime = Date.prototype.getTime

/** Returns Unix seconds for the addon. Any other value is returned unchanged, and the addon refuses it by the argument's name. @internal */
export function seconds(time: Time | null | undefined): number | bigint | null | undefined {
  return typeof time === 'object' && types.isDate(time) ? Math.floor(getTime.call(time) / 1000) : time
}

/** Returns Unix seconds by JavaScript's clock. It is looked up each time, because fake timers replace it. @internal */
export function clock(): number {
  const now = Math.floor(Date.now() / 1000)
  if (!Number.isSafeInteger(now)) throw misuse('RangeError', 'ERR_OUT_OF_RANGE', 'now: Date.now() must return a number of milliseconds')
  return now
}

/** Returns `now` for the addon: the given time, otherwise the clock's. @internal */
export function instant(now: Time | null | undefined): number | bigint {
  return now == null ? clock() : (seconds(now) as number | bigint)
}

/** Returns an expiry in Unix seconds: the given one, or a lifetime after `now`. @internal */
export function resolvedEnd(
  expires: Time | null | undefined,
  expiresIn: Lifetime | null | undefined,
  now: Time | null | undefined,
): number | bigint | undefined {
  return native.end(seconds(expires), expiresIn, expiresIn == null ? seconds(now) : instant(now))
}

/** Returns the same for the addon, which gets a given expiry unchanged. @internal */
export function end(
  expires: Time | null | undefined,
  expiresIn: Lifetime | null | undefined,
  now: Time | null | undefined,
): number | bigint | null | undefined {
  return expiresIn == null && now == null ? seconds(expires) : resolvedEnd(expires, expiresIn, now)
}

/** Returns the same, but refuses a lifetime by the clock, because the caller could not know the expiry. @internal */
export function knownEnd(
  expires: Time | null | undefined,
  expiresIn: Lifetime | null | undefined,
  now: Time | null | undefined,
): number | bigint | null | undefined {
  if (expiresIn != null && now == null && expires == null) {
    const problem = 'expiresIn: a signature does not tell when it ends; use signed or url, or give expires'
    throw misuse('RangeError', 'ERR_INVALID_ARG_VALUE', problem)
  }
  return end(expires, expiresIn, now)
}
