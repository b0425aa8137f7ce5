import { names } from '../arguments.js'

/** Which generation of a sandbox's credentials is meant. */
export interface Generation {
  /** 0, which the first one is, to 2^32 - 1. */
  generation?: number | bigint | null | undefined
}

/** @internal */
export const GENERATION = names<Generation>({ generation: true })
