import { types } from 'node:util'
import type { Time } from './values.js'

const getTime = Date.prototype.getTime

/** Unix seconds for the addon. What is no time stays as it is: the addon refuses it by the name that the argument has there. @internal */
export function seconds(time: Time | null | undefined): number | bigint | null | undefined {
  return typeof time === 'object' && types.isDate(time) ? Math.floor(getTime.call(time) / 1000) : time
}
