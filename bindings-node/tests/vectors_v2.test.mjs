import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checks } from './v2_vectors.mjs'
import { arrays, V2 } from './vectors.mjs'

test('every array is tested', () => assert.deepEqual(Object.keys(checks).sort(), arrays(V2)))

for (const [name, check] of Object.entries(checks)) {
  test(name, () => {
    assert(V2[name].length > 0)
    for (const [number, one] of V2[name].entries()) {
      try {
        check(one)
      } catch (error) {
        throw new Error(`case ${number}`, { cause: error })
      }
    }
  })
}
