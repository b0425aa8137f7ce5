// Why a file URL is refused, in words.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explain } from 'sandgate'
import { END, NOW, SECRETS, V1_KEY, V1_TOKEN, V2_KEY, V2_TOKEN } from './calls.mjs'

const query = (key, url) => key.url('https://a', url).split('?')[1]
const read = query(V1_KEY, { path: '/a', operation: 'write' })

test('what is granted needs no explanation', () => {
  assert.equal(explain(read, V1_TOKEN, { operation: 'write' }), undefined)
  const context = '203.0.113.7'
  assert.equal(explain(query(V2_KEY, { path: '/a', expires: END, context }), [V2_TOKEN], { context, now: NOW }), undefined)
})

test('the one field that is another', () => {
  const why = explain(read, [V1_TOKEN])
  assert.deepEqual(
    { ...why },
    {
      code: 'ERR_SANDGATE_INVALID',
      status: 401,
      message: 'invalid signature',
      field: 'operation',
      value: 'write',
      expires: undefined,
    },
  )
  assert.match(String(why), /the signature is right for another operation: "write"$/)
  assert(Object.isFrozen(why))
  assert(!SECRETS.some((secret) => JSON.stringify(why).includes(secret) || String(why).includes(secret)))
})

test('what has ended says when', () => {
  const why = explain(query(V1_KEY, { path: '/a', expires: NOW }), V1_TOKEN, { now: NOW + 1 })
  assert.deepEqual([why.code, why.expires, why.field], ['ERR_SANDGATE_EXPIRED', NOW, undefined])
  const far = explain(query(V1_KEY, { path: '/a', expires: 2n ** 60n }), 'another token')
  assert.equal(far.expires, 2n ** 60n)
})
