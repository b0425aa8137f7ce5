/** Node, Bun and Deno: the signing function of the whole backend. */
import type { Addon } from '../addon.js'
import { native } from '../native.js'

/** @internal */
export const e2bSign: Addon['e2bSign'] = (...args) => native.e2bSign(...args)
