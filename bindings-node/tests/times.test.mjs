// A time is Unix seconds, or a Date, whose fraction is floored.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { END, ID, LIFETIMES, NOW, TIMES, TRAFFIC, V1_KEY, V2_KEY } from './calls.mjs'
import { misused, outcome } from './outcome.mjs'

const ONCE = { path: '/a' }

for (const [label, name, call] of TIMES) {
  test(`${label} ${name}`, () => {
    const said = inspect(call(NOW))
    const foreign = new (runInNewContext('Date'))(NOW * 1000)
    const own = new (class Own extends Date {
      getTime() {
        return 0
      }
    })(NOW * 1000)
    for (const same of [BigInt(NOW), new Date(NOW * 1000), new Date(NOW * 1000 + 999), foreign, own]) {
      assert.equal(inspect(call(same)), said)
    }
    misused(() => call(new Date(NaN)), RangeError, 'ERR_OUT_OF_RANGE', name)
    for (const no of [new Proxy(new Date(), {}), Object.create(Date.prototype), new Date().toISOString()]) {
      misused(() => call(no), TypeError, 'ERR_INVALID_ARG_TYPE', name)
    }
  })
}

test('fractions are floored before 1970 too', () => {
  for (const fraction of [0, 1, 500, 999]) {
    const early = new Date(-2000 + fraction)
    assert.equal(V1_KEY.sign({ ...ONCE, expires: early }), V1_KEY.sign({ ...ONCE, expires: -2 }))
    // A URL that expires in second -2 has expired in second -1, not earlier.
    const signature = V1_KEY.sign({ ...ONCE, expires: -2 })
    assert(V1_KEY.isValid(signature, { ...ONCE, expires: -2, now: early }))
    assert(!V1_KEY.isValid(signature, { ...ONCE, expires: -2, now: new Date(-1000 + fraction) }))
  }
})

test('the first and the last Date are accepted', () => {
  for (const end of [-8.64e15, 8.64e15]) {
    assert.equal(V1_KEY.sign({ ...ONCE, expires: new Date(end) }), V1_KEY.sign({ ...ONCE, expires: end / 1000 }))
  }
})

test('a lifetime counts from now', () => {
  for (const expiresIn of [60, 60n]) {
    for (const now of [NOW, BigInt(NOW), new Date(NOW * 1000 + 999)]) {
      assert.equal(V1_KEY.sign({ ...ONCE, expiresIn, now }), V1_KEY.sign({ ...ONCE, expires: END }))
      assert.equal(V2_KEY.sign({ ...ONCE, expiresIn, now }), V2_KEY.sign({ ...ONCE, expires: END }))
      assert.equal(TRAFFIC.issuePass(8080, { expiresIn, now }), TRAFFIC.issuePass(8080, { expires: END }))
      assert.equal(TRAFFIC.issueSignedHost(ID, 8080, { expiresIn, now }), TRAFFIC.issueSignedHost(ID, 8080, { expires: END }))
    }
  }
  assert.equal(V1_KEY.sign({ ...ONCE, expiresIn: 0, now: 5 }), V1_KEY.sign({ ...ONCE, expires: 5 }))
})

test('a lifetime is not a Date, is not negative, and never wraps around', () => {
  for (const [, call] of LIFETIMES) {
    for (const value of [-1, -1n, -(2n ** 63n), Number.MIN_SAFE_INTEGER]) {
      assert.equal(misused(() => call(value), RangeError, 'ERR_OUT_OF_RANGE').message, 'expiresIn: must be 0 seconds or more')
    }
    for (const value of [0, 0n, -0]) call(value)
    misused(() => call(new Date()), TypeError, 'ERR_INVALID_ARG_TYPE', 'expiresIn')
    misused(() => call(2n ** 63n - 1n), RangeError, 'ERR_OUT_OF_RANGE', 'expiresIn')
  }
})

test('expires together with expiresIn is refused', () => {
  for (const key of [V1_KEY, V2_KEY]) {
    const sign = () => key.sign({ ...ONCE, expires: END, expiresIn: 60 })
    assert.equal(misused(sign, RangeError, 'ERR_INVALID_ARG_VALUE').message, 'expiresIn: must not be given together with expires')
  }
})

test('signed returns signature and expiry', () => {
  for (const key of [V1_KEY, V2_KEY]) {
    for (const [given, expires] of [
      [{ expiresIn: 60, now: NOW }, END],
      [{ expiresIn: 60n, now: new Date(NOW * 1000 + 999) }, END],
      [{ expires: END }, END],
      [{ expires: BigInt(END) }, END],
      [{ expires: new Date(END * 1000 + 1) }, END],
    ]) {
      const signed = key.signed({ ...ONCE, ...given })
      assert.deepEqual(signed, { signature: key.sign({ ...ONCE, expires }), expires })
      assert(Object.isFrozen(signed))
    }
    const now = Math.floor(Date.now() / 1000)
    const { signature, expires } = key.signed({ ...ONCE, expiresIn: 60 })
    assert(now + 60 <= expires && expires <= Date.now() / 1000 + 60)
    key.verify(signature, { ...ONCE, expires })
    misused(() => key.signed({ ...ONCE, expires: END, expiresIn: 60 }), RangeError, 'ERR_INVALID_ARG_VALUE', 'expiresIn')
    misused(() => key.signed({ ...ONCE, expires: 'x' }), TypeError, 'ERR_INVALID_ARG_TYPE', 'expires')
  }
  assert.deepEqual(V1_KEY.signed(ONCE), { signature: V1_KEY.sign(ONCE), expires: undefined })
  assert.equal(V1_KEY.signed({ ...ONCE, expires: 2n ** 53n }).expires, 2n ** 53n)
  misused(() => V2_KEY.signed(ONCE), RangeError, 'ERR_INVALID_ARG_VALUE', 'expires')
  misused(() => V2_KEY.signed({ ...ONCE, expires: 2n ** 53n }), RangeError, 'ERR_SANDGATE_TIME', 'expires')
})

test('sign refuses an unknown expiry', () => {
  for (const key of [V1_KEY, V2_KEY]) {
    for (const now of [undefined, null]) {
      const { message } = misused(() => key.sign({ ...ONCE, expiresIn: 60, now }), RangeError, 'ERR_INVALID_ARG_VALUE', 'expiresIn')
      assert.match(message, /\bsigned\b.*\burl\b.*\bexpires\b/)
    }
    assert.equal(key.sign({ ...ONCE, expires: END, expiresIn: null }), key.sign({ ...ONCE, expires: END }))
  }
})

test('an expiry is required in v2', () => {
  for (const call of [
    () => V2_KEY.sign(ONCE),
    () => V2_KEY.url('https://a', ONCE),
    () => V2_KEY.isValid('v2.x', ONCE),
    () => TRAFFIC.issuePass(8080, {}),
    () => TRAFFIC.issuePass(8080),
    () => TRAFFIC.issueSignedHost(ID, 8080),
  ]) {
    const error = misused(call, RangeError, 'ERR_INVALID_ARG_VALUE')
    assert.match(error.message, /^expires: /)
  }
})

test('without now the clock is read', () => {
  const now = Math.floor(Date.now() / 1000)
  for (const clock of [undefined, null]) {
    for (const [expires, expected] of [
      [now + 3600, 'ok'],
      [now - 1, 'expired'],
    ]) {
      const url = { ...ONCE, expires, now: clock }
      for (const key of [V1_KEY, V2_KEY]) assert.equal(outcome(() => key.verify(key.sign(url), url)), expected)
    }
    const end = TRAFFIC.verifyPass(TRAFFIC.issuePass(8080, { expiresIn: 3600, now: clock }), 8080)
    assert(now + 3600 <= end && end <= Date.now() / 1000 + 3600)
  }
})

test('milliseconds are refused as seconds', () => {
  const url = { ...ONCE, expires: Date.now() + 60_000 }
  assert.equal(outcome(() => V2_KEY.verify(V2_KEY.sign(url), url)), 'lifetime_too_long')
})
