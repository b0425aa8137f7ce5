// Compares arbitrary v2 inputs with the same computed by node:crypto.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import fc from 'fast-check'
import { FileUrlKey, Keyring, TrafficKey, TrafficKeyring, trafficRoot } from 'sandgate/v2'
import { ids, operations, texts } from './arbitraries.mjs'
import { v2 } from './oracle.mjs'
import { outcome } from './outcome.mjs'

const keyIds = fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyz')
const keys = fc.uint8Array({ minLength: 32, maxLength: 32 })
const seeds = fc.uint8Array({ minLength: 32, maxLength: 200 })
const u32 = fc.nat(2 ** 32 - 1)
const u53 = fc.maxSafeNat()
const maybe = (arbitrary) => fc.option(arbitrary, { nil: undefined })
const contexts = maybe(fc.uint8Array({ minLength: 1, maxLength: 255 }))
const within = (most) => (text) => !text.includes('\0') && Buffer.byteLength(text) <= most
const segments = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 9 })
  .filter((text) => !['.', '..'].includes(text) && !/[/\\\u0000-\u001f\u007f]/.test(text))
const directories = fc.array(segments, { maxLength: 3 }).map((names) => `/${names.map((name) => `${name}/`).join('')}`)
const bearer = (prefix, kid, key) => `${prefix}.${kid}.${Buffer.from(key).toString('base64url')}`

const fileUrls = fc
  .record({
    operation: operations,
    path: texts.filter(within(4096)).filter((text) => text !== ''),
    directory: maybe(directories),
    user: maybe(texts.filter(within(255))),
    expires: u53,
    maxBytes: maybe(u53),
    contentSha256: maybe(keys),
    context: contexts,
  })
  .map((url) => ({
    ...url,
    path: url.directory === undefined ? url.path : `${url.directory}a`,
    ...(url.operation === 'read' && { maxBytes: undefined, contentSha256: undefined }),
  }))

test('tokens equal those of node:crypto', () => {
  fc.assert(
    fc.property(keyIds, seeds, ids, u32, u32, (kid, seed, id, generation, other) => {
      fc.pre(generation !== other)
      const ring = new Keyring([[kid, seed]])
      const [access, traffic] = [v2.accessToken(kid, seed, id, generation), v2.trafficToken(kid, seed, id, generation)]
      assert.equal(ring.accessToken(id, { generation }), access)
      assert.equal(trafficRoot(kid, seed), v2.trafficRoot(kid, seed))
      for (const each of [ring, ring.traffic(), new TrafficKeyring(v2.trafficRoot(kid, seed))]) {
        assert.equal(each.trafficToken(id, { generation }), traffic)
        assert(each.isValidTrafficToken(id, traffic, { generation }))
        assert(!each.isValidTrafficToken(id, traffic, { generation: other }))
      }
      assert(ring.isValidAccessToken(id, Buffer.from(access), { generation }))
      assert(!ring.isValidAccessToken(id, access, { generation: other }))
    }),
  )
})

test('signatures and URLs equal those of node:crypto', () => {
  fc.assert(
    fc.property(keyIds, keys, fileUrls, (kid, accessKey, url) => {
      const key = new FileUrlKey(bearer('sg2a', kid, accessKey))
      const signature = v2.signature(kid, accessKey, url)
      const now = url.expires
      assert.equal(key.sign(url), signature)
      key.verify(signature, { ...url, now })
      assert(!key.isValid(signature, { ...url, expires: now === 0 ? 1 : now - 1, now: 0 }))

      const { context, ...granted } = url
      const query = key.url('https://a', url).split('?')[1]
      const grant = key.verifyQuery(query, { operation: url.operation, context, now })
      const { contentSha256, ...rest } = { ...grant }
      assert.deepEqual({ ...rest, contentSha256: contentSha256 && new Uint8Array(contentSha256) }, granted)
      const another = Buffer.concat([(context ?? Buffer.alloc(0)).slice(0, 254), Buffer.from('x')])
      if (context && another.equals(context)) return
      assert.equal(outcome(() => key.verifyQuery(query, { operation: url.operation, context: another, now })), 'invalid')
    }),
    { numRuns: 500 },
  )
})

const ports = fc.integer({ min: 1, max: 65535 }).filter((port) => port !== 49983)

test('passes equal those of node:crypto', () => {
  fc.assert(
    fc.property(keyIds, keys, ports, u53, contexts, (kid, trafficKey, port, expires, context) => {
      const key = new TrafficKey(bearer('sg2t', kid, trafficKey))
      const pass = v2.pass(kid, trafficKey, port, expires, context)
      assert.equal(key.issuePass(port, { expires, context }), pass)
      assert.equal(key.verifyPass(pass, port, { context, now: expires }), expires)
      const other = context === undefined ? 'x' : undefined
      assert.equal(outcome(() => key.verifyPass(pass, port, { context: other, now: expires })), 'invalid')
    }),
  )
})

test('signed hosts equal those of node:crypto', () => {
  const short = fc.stringMatching(/^[a-z0-9]{1,21}$/)
  fc.assert(
    fc.property(keyIds, keys, short, ports, fc.nat(36 ** 7 - 1), (kid, trafficKey, id, port, expires) => {
      const key = new TrafficKey(bearer('sg2t', kid, trafficKey))
      const label = v2.signedHost(kid, trafficKey, id, port, expires)
      assert.equal(key.issueSignedHost(id, port, { expires }), label)
      assert.equal(key.verifySignedHost(label, id, port, { now: expires }), expires)
      assert.equal(outcome(() => key.verifySignedHost(label, `${id}x`.slice(-21), port, { now: expires })), `${id}x`.slice(-21) === id ? 'ok' : 'invalid')
    }),
  )
})
