import { misuse } from './misuse.js'

/** Unix seconds by JavaScript's own clock, looked up each time: fake timers replace it. @internal */
export function clock(): number {
  const now = Math.floor(Date.now() / 1000)
  if (!Number.isSafeInteger(now)) throw misuse('RangeError', 'ERR_OUT_OF_RANGE', 'now: Date.now() must return a number of milliseconds')
  return now
}
