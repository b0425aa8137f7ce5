// Why a file URL is refused, in words.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explain } from 'sandgate'
import { END, NOW, SECRETS, V1_KEY, V1_TOKEN, V2_KEY, V2_TOKEN } from './calls.mjs'

const query = (key, url) => key.url('https://a', url).split('?')[1]
const read = query(V1_KEY, { path: '/a', operation: 'write' })

test('a granted URL has no explanation', () => {
  assert.equal(explain(read, V1_TOKEN, { operation: 'write' }), undefined)
  const context = '203.0.113.7'
  assert.equal(explain(query(V2_KEY, { path: '/a', expires: END, context }), [V2_TOKEN], { context, now: NOW }), undefined)
})

test('the one wrong field is named', () => {
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

test('an expired URL says when it expired', () => {
  const why = explain(query(V1_KEY, { path: '/a', expires: NOW }), V1_TOKEN, { now: NOW + 1 })
  assert.deepEqual([why.code, why.expires, why.field], ['ERR_SANDGATE_EXPIRED', NOW, undefined])
  const far = explain(query(V1_KEY, { path: '/a', expires: 2n ** 60n }), 'another token')
  assert.equal(far.expires, 2n ** 60n)
})

test('bytes that are not UTF-8 are shown as a query carries them', () => {
  const right = query(V1_KEY, { path: Buffer.from([0x2f, 0xff]) })
  const why = explain(right.replace('%2F%FF', '%252F%25FF'), V1_TOKEN)
  assert.deepEqual([why.field, why.value], ['path', '/%FF'])
  assert.match(String(why), /the signature is right for another path, percent-encoded: "\/%FF"$/)
  assert.equal(explain(right.replace('%2F%FF', why.value), V1_TOKEN), undefined)
})

test('a malformed field does not suggest another key id', () => {
  const right = query(V2_KEY, { path: '/a', expires: END })
  const change = (wrong) => {
    const why = explain(wrong, V2_TOKEN, { now: NOW })
    return [why.code, why.field, why.value]
  }
  assert.deepEqual(change(right.replace('%2Fa', '')), ['ERR_SANDGATE_MALFORMED', undefined, undefined])
  const zero = right.replace(`=${END}`, `=0${END}`)
  assert.deepEqual(change(zero), ['ERR_SANDGATE_MALFORMED', 'signature_expiration', String(END)])
})

test('invalid tokens are wrong use', () => {
  const nine = Array.from({ length: 9 }, (_, number) => `token ${number}`)
  for (const tokens of [nine, [V2_TOKEN, V2_TOKEN], [V1_TOKEN, V2_TOKEN], []]) {
    assert.throws(() => explain('path=/a', tokens), RangeError)
  }
})
