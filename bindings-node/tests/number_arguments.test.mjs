// A number is a safe integer in its range, or a bigint that fits. Everything else is refused by name.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { getSignatureSync } from 'sandgate/e2b'
import { ID, LIFETIMES, NUMBERS, TIMES, V1_TOKEN, V2_RING } from './calls.mjs'
import { misused, thrown } from './outcome.mjs'

const WRONG = ['5', '', true, Symbol('x'), {}, [], [5], () => 5, new Number(5), new Proxy({}, {}), { valueOf: () => 5 }]
const NO_INTEGERS = [NaN, Infinity, -Infinity, 1.5, -0.5, Number.MIN_VALUE, 2 ** 53, -(2 ** 53), Number.MAX_VALUE]
const LONG = [2n ** 63n, -(2n ** 63n) - 1n, 2n ** 64n, 2n ** 64n + 5n, -(2n ** 1000n)]

for (const [label, name, first, last, call] of NUMBERS) {
  test(`${label} ${name}`, () => {
    for (const value of [undefined, null]) {
      if (['issuePass', 'issueSignedHost', 'Route'].includes(label)) misused(() => call(value), TypeError, 'ERR_INVALID_ARG_TYPE', name)
      else call(value)
    }
    for (const value of [first, last]) call(value)
    for (const value of WRONG) misused(() => call(value), TypeError, 'ERR_INVALID_ARG_TYPE', name)
    misused(() => call(new Date(5000)), TypeError, 'ERR_INVALID_ARG_TYPE', name)
    for (const value of NO_INTEGERS) misused(() => call(value), RangeError, 'ERR_OUT_OF_RANGE', name)
    for (const value of [first - 1, last + 1]) {
      const error = thrown(() => call(value))
      assert(error instanceof RangeError && error.message.startsWith(`${name}: `), error.stack)
      assert.match(error.code, /^ERR_(OUT_OF_RANGE|SANDGATE_(PORT|LEEWAY|LIMIT))$/)
    }
  })
}

for (const [label, name, call] of [...TIMES, ...LIFETIMES.map(([label, call]) => [label, 'expiresIn', call])]) {
  test(`${label} ${name}`, () => {
    for (const value of WRONG) misused(() => call(value), TypeError, 'ERR_INVALID_ARG_TYPE', name)
    for (const value of [...NO_INTEGERS, ...LONG]) misused(() => call(value), RangeError, 'ERR_OUT_OF_RANGE', name)
  })
}

test('a bigint is the same as the number', () => {
  const token = V2_RING.accessToken(ID, { generation: 7 })
  assert.equal(V2_RING.accessToken(ID, { generation: 7n }), token)
  for (const generation of LONG) misused(() => V2_RING.accessToken(ID, { generation }), RangeError, 'ERR_OUT_OF_RANGE', 'generation')
})

test('-0 is 0', () => {
  for (const [, , , , call] of NUMBERS.filter(([, , first]) => first === 0)) {
    assert.equal(inspect(call(-0)), inspect(call(0)))
  }
  for (const [, , call] of TIMES.filter(([label]) => /^v1 (sign|url|isValid)$/.test(label))) assert.equal(call(-0), call(0))
})

test('the SDK function accepts the lifetimes of the SDK', () => {
  const sign = (expirationInSeconds) =>
    getSignatureSync({ path: '/a', operation: 'read', user: undefined, envdAccessToken: V1_TOKEN, expirationInSeconds })
  for (const value of [...WRONG, 5n, new Date()]) misused(() => sign(value), TypeError, 'ERR_INVALID_ARG_TYPE', 'expirationInSeconds')
  for (const value of [...NO_INTEGERS, 2 ** 53 - 1]) misused(() => sign(value), RangeError, 'ERR_OUT_OF_RANGE', 'expirationInSeconds')
  for (const value of [undefined, null]) assert.equal(sign(value).expiration, null)
  assert(sign(-(2 ** 40)).expiration < 0)
})
