import { clock } from './clock.js'
import { misuse } from './misuse.js'
import { native } from './native.js'
import type { Lifetime, Time } from './values.js'

const getTime = Date.prototype.getTime

/** The milliseconds of a `Date`, also of another realm; undefined for anything else, which the method refuses. */
function milliseconds(time: object): number | undefined {
  try {
    return getTime.call(time as Date)
  } catch {
    return undefined
  }
}

/** Unix seconds for the addon. What is no time stays as it is: the addon refuses it by the name that the argument has there. @internal */
export function seconds(time: Time | null | undefined): number | bigint | null | undefined {
  if (typeof time !== 'object' || time === null) return time
  const ms = milliseconds(time)
  return ms === undefined ? (time as never) : Math.floor(ms / 1000)
}

/** `now` for the addon: as given, otherwise by the clock. @internal */
export function instant(now: Time | null | undefined): number | bigint {
  return now == null ? clock() : (seconds(now) as number | bigint)
}

/** The last second of something, in Unix seconds: as given, or a lifetime after `now`. @internal */
export function resolvedEnd(
  expires: Time | null | undefined,
  expiresIn: Lifetime | null | undefined,
  now: Time | null | undefined,
): number | bigint | undefined {
  return native.end(seconds(expires), expiresIn, expiresIn == null ? seconds(now) : instant(now))
}

/** The same for the addon, which is told an end as it was given. @internal */
export function end(
  expires: Time | null | undefined,
  expiresIn: Lifetime | null | undefined,
  now: Time | null | undefined,
): number | bigint | null | undefined {
  return expiresIn == null && now == null ? seconds(expires) : resolvedEnd(expires, expiresIn, now)
}

/** The same where nothing tells the caller the end: a lifetime by the clock would be lost. @internal */
export function knownEnd(
  expires: Time | null | undefined,
  expiresIn: Lifetime | null | undefined,
  now: Time | null | undefined,
): number | bigint | null | undefined {
  if (expiresIn != null && now == null && expires == null) {
    const problem = 'expiresIn: must be given together with now, or use signed, url or expires, because sign does not return the expiry'
    throw misuse('RangeError', 'ERR_INVALID_ARG_VALUE', problem)
  }
  return end(expires, expiresIn, now)
}
