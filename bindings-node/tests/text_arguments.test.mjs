// Text is a string or a Uint8Array, of any length. Everything else is refused by name.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { fingerprint, SandgateError } from 'sandgate'
import { SDK_TEXT, SECRETS, TEXT } from './calls.mjs'
import { misused, thrown } from './outcome.mjs'

const ALL = [...TEXT, ...SDK_TEXT]
const WRONG = [
  0, 5, NaN, true, false, 5n, Symbol('x'), {}, () => 'x', new Proxy({}, {}), new Proxy(Buffer.from('x'), {}), new String('x'),
  [['x']], new Date(), new Map(), new Uint8ClampedArray(1), new Int8Array(1), new Uint16Array(1), new Float64Array(1),
  new BigUint64Array(1), new DataView(new ArrayBuffer(1)), new ArrayBuffer(1), new SharedArrayBuffer(1), { toString: () => 'x' },
]
/** Without an access token, the message is the SDK's. */
const falsyToken = (label, value) => label === 'e2b token' && !value

/** An object that holds a secret shows nothing, so the answer is only that there is one. */
function said(call, value) {
  const answer = call(value)
  return inspect(answer instanceof Uint8Array ? Buffer.from(answer).toString() : answer, { depth: 9 })
}

for (const [label, name, right, call, kind] of ALL) {
  test(`${label}: other types are refused by name`, () => {
    for (const value of WRONG) if (!falsyToken(label, value)) misused(() => call(value), TypeError, 'ERR_INVALID_ARG_TYPE', name)
    for (const value of [null, undefined]) {
      if (kind === undefined || (kind === 'default' && value === null)) {
        if (!falsyToken(label, value)) misused(() => call(value), TypeError, 'ERR_INVALID_ARG_TYPE', name)
        continue
      }
      // For an optional argument both mean "absent": an answer, or the refusal of an absent one.
      try {
        call(value)
      } catch (error) {
        assert(error instanceof SandgateError && kind === 'header', error.stack)
      }
    }
  })

  test(`${label}: a Uint8Array equals a string`, () => {
    const answer = said(call, right)
    const bytes = Buffer.from(right)
    const around = Buffer.from(`<${right}>`)
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
    shared.set(bytes)
    const foreign = runInNewContext('Uint8Array').from(bytes)
    const own = new (class Own extends Uint8Array {})(bytes)
    for (const value of [bytes, new Uint8Array(bytes), around.subarray(1, -1), shared, foreign, own]) {
      assert.equal(said(call, value), answer)
    }
  })

  test(`${label}: NUL and megabytes are answered or refused by name`, () => {
    for (const value of ['\0', `${right}\0`, '\0'.repeat(1_000_000), 'é'.repeat(200_000), Buffer.alloc(200_000, 0xff)]) {
      try {
        call(value)
      } catch (error) {
        assert(error.message.length < 200)
        if (!(error instanceof SandgateError)) assert(error instanceof RangeError && error.message.startsWith(`${name}: `), error.stack)
      }
    }
  })
}

const PRESENTED = ['presented', 'signature', 'label', 'query', 'line', 'method', 'target', 'host', 'cookies', 'body']
const PRESENTED_CALLS = [
  'equal a', 'equal b', 'fingerprint', 'decide', 'isAccessToken', 'v1 isValid path', 'v1 isValid user', 'v2 isValid path', 'v2 isValid user',
  'v2 isValid directory', 'Controller.check token', 'Controller.check tokens', 'Edge.check token', 'wake.check traffic token', 'wake.check access token', 'Route.parse id', 'Route.parse port',
]

/** Text that a client presents is never wrong use. */
function isPresented(label, name) {
  return PRESENTED.includes(name) || PRESENTED_CALLS.includes(label)
}

test('a presented lone surrogate is refused like any other wrong text', () => {
  const presented = TEXT.filter(([label, name]) => isPresented(label, name))
  assert(presented.length >= 40)
  for (const [label, , right, call] of presented) {
    for (const value of [`${right}\ud800`, `\udc00${right}`, `${'x'.repeat(2000)}\ud83d`]) {
      try {
        const answer = call(value)
        // This call reads only the prefix.
        if (typeof answer === 'boolean' && label !== 'isAccessToken') assert.equal(answer, false)
      } catch (error) {
        assert(error instanceof SandgateError, error.stack)
      }
    }
  }
})

test('any lone surrogate at any position is refused by name', () => {
  for (const [, name, right, call] of TEXT.filter(([label, name]) => !isPresented(label, name))) {
    for (const value of [`${right}\ud800`, `\udc00${right}`, `\udc00\ud800${right}`, `${'x'.repeat(2000)}\ud83d`]) {
      const { message } = misused(() => call(value), RangeError, 'ERR_INVALID_ARG_VALUE', name)
      assert.equal(message, `${name}: must be valid Unicode, without lone surrogates`)
      assert(!SECRETS.some((secret) => message.includes(secret)))
    }
  }
})

test('a detached buffer is empty', () => {
  const detached = new Uint8Array(8)
  structuredClone(detached.buffer, { transfer: [detached.buffer] })
  assert.equal(fingerprint(detached), fingerprint(''))
})

test('a view of a resizable buffer is as long as it is now', { skip: !('resizable' in ArrayBuffer.prototype) }, () => {
  const buffer = new ArrayBuffer(4, { maxByteLength: 8 })
  const view = new Uint8Array(buffer)
  view.set(Buffer.from('abcd'))
  buffer.resize(3)
  assert.equal(fingerprint(view), fingerprint('abc'))
})

test('an error of a getter propagates', () => {
  const mine = new Error('mine')
  const tokens = Object.defineProperty(['x'], 0, {
    get() {
      throw mine
    },
  })
  const several = TEXT.find(([label]) => label === 'Controller.check token')[3]
  assert.equal(
    thrown(() => several(tokens)),
    mine,
  )
})
