// Webhooks: kinds of headers, bodies in pieces, secrets, and wrong use. `life_table.test.mjs` has the whole table.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { explainWebhook, SandgateError, webhook } from 'sandgate'
import { misused, outcome, thrown } from './outcome.mjs'

const SECRET = 'the secret of the webhook'
const BODY = Buffer.from('{"type":"sandbox.lifecycle.killed"}')
const SIGNATURE = webhook.sign(SECRET, BODY)
const VERIFIER = new webhook.Verifier(SECRET)
const PAIRS = [['E2B-Signature', SIGNATURE], ['e2b-signature-version', 'v1'], ['content-type', 'application/json']]
const KINDS = { pairs: (x) => x, Map: (x) => new Map(x), object: Object.fromEntries, iterator: (x) => x.values() }
const hashed = (secret, body) => createHash('sha256').update(secret).update(body).digest('base64').replace('=', '')
const verify = (headers, body = BODY, verifier = VERIFIER) => outcome(() => verifier.verify(headers, body))

test('a body is signed as node:crypto does', () => {
  assert.equal(SIGNATURE, '3HX+9ZpU3ubwOg4c/I4RJjxNMUgwgml8y+a87MvYWJA')
  for (let length = 0; length < 200; length += 7) {
    const [secret, body] = [randomBytes(16 + length), randomBytes(3 * length)]
    assert.equal(webhook.sign(secret, body), hashed(secret, body))
    assert.equal(verify({ 'e2b-signature': hashed(secret, body) }, body, new webhook.Verifier(SECRET, secret)), 'ok')
  }
})

for (const [name, kind] of Object.entries(KINDS)) {
  test(`headers may be ${name}`, () => {
    assert.equal(verify(kind(PAIRS)), 'ok')
    assert.equal(VERIFIER.isValid(kind(PAIRS), BODY), true)
    assert.equal(VERIFIER.isValid(kind(PAIRS), BODY.subarray(1)), false)
    assert.equal(verify(kind(PAIRS.slice(0, 1))), 'ok')
    assert.equal(verify(kind(PAIRS.slice(1))), 'missing')
    assert.equal(verify(kind([PAIRS[0], ['e2b-signature-version', 'v2']])), 'malformed')
  })
}

test('Headers of fetch are read, also where they join a repeated header', () => {
  if (typeof Headers === 'undefined') return
  assert.equal(verify(new Headers(PAIRS)), 'ok')
  assert.equal(verify(new Headers([...PAIRS, ['e2b-signature', SIGNATURE]])), 'malformed')
})

test('a repeated header is refused', () => {
  assert.equal(verify([...PAIRS, PAIRS[0]]), 'malformed')
  assert.equal(verify({ 'e2b-signature': [SIGNATURE, SIGNATURE] }), 'malformed')
  assert.equal(verify({ 'e2b-signature': SIGNATURE, 'E2B-Signature': SIGNATURE }), 'malformed')
  assert.equal(verify({ 'e2b-signature': [SIGNATURE], 'e2b-signature-version': undefined }), 'ok')
  assert.equal(verify({ 'e2b-signature': [] }), 'missing')
})

test('a verification takes pieces, and may finish again', () => {
  const verification = VERIFIER.start(PAIRS)
  for (const byte of BODY) {
    assert.equal(outcome(() => verification.finish()), 'invalid')
    verification.update(Uint8Array.of(byte))
  }
  assert.equal(verification.finish(), undefined)
  assert.equal(verification.finish(), undefined)
  verification.update(Uint8Array.of(32))
  assert.equal(outcome(() => verification.finish()), 'invalid')
  assert.equal(outcome(() => VERIFIER.start([])), 'missing')
  assert.equal(outcome(() => VERIFIER.start({ 'e2b-signature': `${SIGNATURE}=` })), 'malformed')
})

test('each of eight secrets verifies, and a ninth is refused', () => {
  const secrets = Array.from({ length: 8 }, (_, number) => `secret number ${number} of eight`)
  const verifier = new webhook.Verifier(...secrets)
  for (const secret of secrets) assert.equal(verify({ 'e2b-signature': hashed(secret, BODY) }, BODY, verifier), 'ok')
  assert.equal(verify(PAIRS, BODY, verifier), 'invalid')
  misused(() => new webhook.Verifier(...secrets, SECRET), RangeError, 'ERR_SANDGATE_TOO_MANY_SECRETS', 'secret')
})

test('a short secret is wrong use', () => {
  for (const secret of ['', 'fifteen bytes..', new Uint8Array(15)]) {
    for (const call of [() => new webhook.Verifier(secret), () => new webhook.Verifier(SECRET, secret), () => webhook.sign(secret, BODY)]) {
      misused(call, RangeError, 'ERR_SANDGATE_WEBHOOK_SECRET', 'secret')
    }
  }
})

test('a body must be bytes', () => {
  for (const body of ['text', undefined, null, 5, {}, [], new ArrayBuffer(1), new DataView(new ArrayBuffer(1))]) {
    for (const call of [() => VERIFIER.verify(PAIRS, body), () => VERIFIER.isValid(PAIRS, body), () => webhook.sign(SECRET, body)]) {
      misused(call, TypeError, 'ERR_INVALID_ARG_TYPE', 'body')
    }
    misused(() => VERIFIER.start(PAIRS).update(body), TypeError, 'ERR_INVALID_ARG_TYPE', 'piece')
  }
})

test('an array of another kind is refused with the same words as text', () => {
  for (const body of [new DataView(new ArrayBuffer(1)), new Uint16Array(1), new Uint8ClampedArray(1), 'text']) {
    assert.equal(thrown(() => VERIFIER.verify(PAIRS, body)).message, 'body: must be a Uint8Array, the bytes as received')
  }
})

test('other headers are wrong use', () => {
  for (const headers of [undefined, null, 5, 'e2b-signature: x', [5], ['ab'], { 'e2b-signature': 5 }, [['e2b-signature', {}]], { [Symbol.iterator]: 5 }]) {
    misused(() => VERIFIER.verify(headers, BODY), TypeError, 'ERR_INVALID_ARG_TYPE', 'headers')
  }
})

test('a refused webhook is explained, and no secret with it', () => {
  assert.equal(explainWebhook(PAIRS, SECRET, BODY), undefined)
  const hmac = createHmac('sha256', SECRET).update(BODY).digest('hex')
  const why = explainWebhook({ 'e2b-signature': `sha256=${hmac}` }, SECRET, BODY)
  assert.deepEqual([why.code, why.status, why.field], ['ERR_SANDGATE_MALFORMED', 400, undefined])
  assert.match(String(why), /a prefix.*hexadecimal.*HMAC-SHA256/)
  assert(!String(why).includes(hmac) && !String(why).includes(SECRET))
  assert.match(String(explainWebhook(PAIRS, SECRET, Buffer.from(`${BODY}\n`))), /without its trailing line ends/)
  assert.match(String(explainWebhook([], SECRET, BODY)), /no header e2b-signature/)
  misused(() => explainWebhook(PAIRS, 'short', BODY), RangeError, 'ERR_SANDGATE_WEBHOOK_SECRET', 'secret')
  misused(() => explainWebhook(PAIRS, SECRET, 'text'), TypeError, 'ERR_INVALID_ARG_TYPE', 'body')
})

test('a verification is made by a verifier alone', () => {
  misused(() => new webhook.Verification(), TypeError, 'ERR_INVALID_ARG_TYPE', 'verification')
})

test('a verification outlives its verifier', () => {
  const verifier = new webhook.Verifier(SECRET)
  const verification = verifier.start(PAIRS)
  verifier.dispose()
  verification.update(BODY)
  verification.finish()
  assert.equal(thrown(() => verifier.start(PAIRS)).code, 'ERR_SANDGATE_DISPOSED')
})

test('a refusal has the gate, the status and the body', () => {
  const error = thrown(() => VERIFIER.verify({ 'e2b-signature': 'A'.repeat(43) }, BODY))
  assert(error instanceof SandgateError)
  assert.deepEqual([error.gate, error.code, error.status], ['webhook', 'ERR_SANDGATE_INVALID', 401])
  assert.equal(error.body, '{"code":401,"message":"invalid webhook signature"}')
})
