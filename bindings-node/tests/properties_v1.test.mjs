// Compares arbitrary v1 inputs with the same computed by node:crypto.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import fc from 'fast-check'
import { FileUrlKey, Keyring } from 'sandgate/v1'
import { getSignature, getSignatureSync } from 'sandgate/e2b'
import { ids, operations, textOrBytes, texts } from './arbitraries.mjs'
import { v1 } from './oracle.mjs'
import { outcome } from './outcome.mjs'

const seeds = fc.uint8Array({ minLength: 16, maxLength: 200 })
const tokens = fc
  .oneof(texts, fc.stringMatching(/^[0-9a-f]{64}$/))
  .filter((token) => !token.startsWith('sg2') && Buffer.byteLength(token) >= 1 && Buffer.byteLength(token) <= 256)
const ends = fc.option(
  fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  { nil: undefined },
)

test('tokens equal those of node:crypto', () => {
  fc.assert(
    fc.property(seeds, ids, textOrBytes, (seed, id, other) => {
      const ring = new Keyring(seed)
      const [access, traffic] = [v1.accessToken(seed, id), v1.trafficToken(seed, id)]
      assert.deepEqual([ring.accessToken(id), ring.trafficToken(Buffer.from(id))], [access, traffic])
      for (const presented of [access, traffic, other, access.slice(1), `${access} `, Buffer.from(access)]) {
        assert.equal(ring.isValidAccessToken(id, presented), Buffer.from(presented).equals(Buffer.from(access)))
        assert.equal(ring.isValidTrafficToken(id, presented), Buffer.from(presented).equals(Buffer.from(traffic)))
      }
    }),
  )
})

test('signatures equal those of node:crypto', () => {
  fc.assert(
    fc.property(textOrBytes, operations, textOrBytes, tokens, ends, (path, operation, user, token, expires) => {
      const key = new FileUrlKey(token)
      const url = { path, operation, user, expires }
      const signature = v1.signature(path, operation, user, token, expires)
      assert.equal(key.sign(url), signature)
      const now = expires ?? 0
      assert(key.isValid(signature, { ...url, now }))
      assert(!key.isValid(signature.slice(0, -1), { ...url, now }))
      const late = BigInt(now) + 1n
      if (expires !== undefined && late < 2n ** 63n) assert.equal(outcome(() => key.verify(signature, { ...url, now: late })), 'expired')
    }),
    { numRuns: 500 },
  )
})

test('queries verify as URLSearchParams and this package write them', () => {
  fc.assert(
    fc.property(texts, operations, texts, tokens, ends, (path, operation, user, token, expires) => {
      const [key, now] = [new FileUrlKey(token), -(2n ** 63n)]
      const query = new URLSearchParams({ username: user, path, signature: v1.signature(path, operation, user, token, expires) })
      if (expires !== undefined) query.set('signature_expiration', String(expires))
      const own = key.url('https://a', { path, operation, user, expires }).split('?')[1]
      for (const text of [String(query), own]) {
        const grant = key.verifyQuery(text, { operation, now })
        // In v1 an empty user counts as absent.
        assert.deepEqual([grant.path, grant.user ?? '', grant.operation], [path, user, operation])
        assert.equal(grant.expires === undefined ? undefined : BigInt(grant.expires), expires === undefined ? undefined : BigInt(expires))
        const other = operation === 'read' ? 'write' : 'read'
        assert.equal(outcome(() => key.verifyQuery(text, { operation: other, now })), 'invalid')
      }
    }),
    { numRuns: 500 },
  )
})

test('the SDK function signs texts with lone surrogates as the SDK does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), operations, fc.option(fc.string({ unit: 'binary' })), tokens, async (path, operation, user, envdAccessToken) => {
      const given = { path, operation, user, envdAccessToken }
      // Buffer.from encodes as TextEncoder does.
      const signature = v1.signature(path, operation, user ?? '', envdAccessToken)
      assert.deepEqual(await getSignature(given), { signature, expiration: null })
      assert.deepEqual(getSignatureSync(given), { signature, expiration: null })
    }),
    { numRuns: 300 },
  )
})
