// The expiry as a clock that counts down.

/** @typedef {{ isOver: boolean, clock: string, at: string }} Countdown */

const UNITS = [
  ['d', 86400],
  ['h', 3600],
  ['min', 60],
]
/** The last second that a JavaScript Date can be. */
const LAST = 8_640_000_000_000

/**
 * What the clock shows. It holds until the second `expires` is over.
 *
 * @param {number | bigint} expires In Unix seconds.
 * @param {number} now In milliseconds since 1970.
 * @returns {Countdown}
 */
export function countdown(expires, now) {
  const end = Number(expires)
  const left = end - Math.floor(now / 1000)
  // Until the end of the second, as every verifier counts.
  const isOver = left < 0
  const clock = isOver ? `expired ${duration(-left)} ago` : `${duration(left + 1)} left`
  const isDate = Math.abs(end) <= LAST
  const at = isDate ? new Date(end * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC') : `second ${expires}, beyond any calendar`
  return { isOver, clock, at }
}

/** The two largest units, `1 h 5 min`. @param {number} seconds */
function duration(seconds) {
  const parts = []
  let rest = seconds
  for (const [unit, size] of /** @type {[string, number][]} */ (UNITS)) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0 || parts.length > 0) parts.push(`${new Intl.NumberFormat('en').format(count)} ${unit}`)
  }
  parts.push(`${rest} s`)
  // Of days, seconds say nothing.
  return parts.slice(0, parts.length > 3 ? 3 : parts.length).join(' ')
}
