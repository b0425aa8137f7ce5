// Tests every case of every array of a file of vectors.
import assert from 'node:assert/strict'
import { test } from 'node:test'

/** An array that nobody tests, or a test of none. */
export const testNames = (file, vectors, names) =>
  test('every array is tested', () => {
    const arrays = Object.keys(vectors).filter((name) => Array.isArray(vectors[name]))
    const only = (some, others) => some.filter((name) => !others.includes(name)).map((name) => `${file}/${name}`)
    assert.deepEqual([only(arrays, names), only(names, arrays)], [[], []])
  })

/** Names every wrong case, as `file/array/number`. `checks` has a function for each array, and `fewest` the smallest number of cases. */
export function testEveryArray(file, vectors, checks, fewest = {}) {
  testNames(file, vectors, Object.keys(checks))
  for (const [name, check] of Object.entries(checks)) {
    test(name, () => {
      const wrong = []
      for (const [number, one] of vectors[name].entries()) {
        try {
          check(one)
        } catch (error) {
          wrong.push(`${file}/${name}/${number}\n${error.stack}`)
        }
      }
      assert.deepEqual(wrong, [])
      assert(vectors[name].length >= (fewest[name] ?? 1))
    })
  }
}
