import { wrongType } from '../arguments.js'
import type { Text } from '../values.js'

/** Seeds by their key ids. The first one derives. */
export type Seeds = Iterable<readonly [keyId: Text, seed: Text]> | Readonly<Record<string, Text>>

/** JavaScript moves integer keys of an object to the front, and the first seed derives. */
function refuseReordered(keyIds: readonly string[]): void {
  if (keyIds.length > 1 && keyIds.some((keyId) => /^\d+$/.test(keyId))) {
    throw wrongType('seeds', 'a Map or an array of pairs where a key id is a digit: an object does not keep its order')
  }
}

/** Key ids and seeds, in the order of the caller. @internal */
export function readSeeds(seeds: Seeds): [keyIds: Text[], seeds: Text[]] {
  if (typeof seeds !== 'object' || seeds === null || ArrayBuffer.isView(seeds)) {
    throw wrongType('seeds', 'a Map, an array of pairs, or an object')
  }
  if (Symbol.iterator in seeds) {
    const pairs = [...seeds]
    if (!pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) throw wrongType('seeds', 'pairs of a key id and a seed')
    return [pairs.map((pair) => pair[0]), pairs.map((pair) => pair[1])]
  }
  const keyIds = Object.keys(seeds)
  refuseReordered(keyIds)
  return [keyIds, Object.values(seeds)]
}
