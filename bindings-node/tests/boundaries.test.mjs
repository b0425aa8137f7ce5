// Text of every length around every buffer, of characters of every width, against node:crypto.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { equal, fingerprint, v1 as formatV1, v2 as formatV2 } from 'sandgate'
import { getSignatureSync } from 'sandgate/e2b'
import { END, NOW, SEED, V1_RING, V1_TOKEN, V2_KEY, V2_TOKEN } from './calls.mjs'
import { v1, v2 } from './oracle.mjs'

const range = (first, last) => Array.from({ length: last - first + 1 }, (_, at) => first + at)
/** In UTF-16 units, in which strings are measured before they are read. */
const LENGTHS = [...range(0, 1100), ...range(4090, 4100)]
const WIDTHS = { ASCII: 'a', 'Latin 1': 'é', '2 bytes': 'ł', '3 bytes': '漢', 'astral': '🚀' }

/** ASCII followed by one other character, which crosses the end of each buffer in turn; and only that character. */
function* texts(character) {
  for (const length of LENGTHS) {
    yield character.repeat(Math.floor(length / character.length)) + 'x'.repeat(length % character.length)
    if (length >= character.length) yield 'a'.repeat(length - character.length) + character
    if (length > character.length) yield character + 'a'.repeat(length - character.length)
  }
}

const sha256 = (text) => createHash('sha256').update(text).digest('hex').slice(0, 8)

for (const [width, character] of Object.entries(WIDTHS)) {
  test(`${width}: a single text is hashed right`, () => {
    for (const text of texts(character)) {
      assert.equal(fingerprint(text), sha256(text))
      assert(equal(text, Buffer.from(text)) && !equal(`${text}a`, `${text}b`))
    }
  })

  test(`${width}: path, user and token of v1 are signed right`, () => {
    const key = new formatV1.FileUrlKey(V1_TOKEN)
    for (const text of texts(character)) {
      assert.equal(key.sign({ path: text, expires: END }), v1.signature(text, 'read', '', V1_TOKEN, END))
      const signature = v1.signature('/a', 'write', text, V1_TOKEN)
      assert.equal(key.sign({ path: '/a', operation: 'write', user: text }), signature)
      assert(key.isValid(signature, { path: '/a', operation: 'write', user: text }))
      assert(!key.isValid(signature, { path: '/a', operation: 'write', user: `${text}a` }))
      const own = { path: text, operation: 'read', user: text, envdAccessToken: V1_TOKEN }
      assert.equal(getSignatureSync(own).signature, v1.signature(text, 'read', text, V1_TOKEN))
      const bytes = Buffer.from(text)
      if (bytes.length > 0 && bytes.length <= 256) {
        assert.equal(new formatV1.FileUrlKey(text).sign({ path: '/a' }), v1.signature('/a', 'read', '', bytes))
      }
    }
  })

  test(`${width}: path, user and context of v2 are signed right`, () => {
    const accessKey = Buffer.from(V2_TOKEN.slice(7), 'base64url')
    for (const text of texts(character)) {
      const length = Buffer.byteLength(text)
      for (const url of [{ path: text }, { path: '/a', user: text }, { path: '/a', context: text }]) {
        if (length === 0 || length > (url.path === text ? 4096 : 255)) continue
        const all = { operation: 'read', expires: END, ...url }
        const signature = V2_KEY.sign(all)
        assert.equal(signature, v2.signature('a', accessKey, all))
        assert(V2_KEY.isValid(signature, { ...all, now: NOW }))
      }
    }
  })

  test(`${width}: seeds and presented tokens are read right`, () => {
    for (const text of texts(character)) {
      if (Buffer.byteLength(text) >= 16) {
        assert.equal(new formatV1.Keyring(text).accessToken('abc'), v1.accessToken(text, 'abc'))
      }
      if (Buffer.byteLength(text) >= 32) {
        assert.equal(formatV2.trafficRoot('a', text), v2.trafficRoot('a', Buffer.from(text)))
      }
      assert.equal(V1_RING.isValidAccessToken('abc', text), false)
    }
  })

  test(`${width}: queries are verified right`, () => {
    const key = new formatV1.FileUrlKey(V1_TOKEN)
    for (const text of texts(character)) {
      const query = `path=${text}&signature=${encodeURIComponent(v1.signature(text, 'read', '', V1_TOKEN))}`
      assert.equal(key.verifyQuery(query).path, text)
      const escaped = key.url('https://a', { path: text }).split('?')[1]
      assert.equal(key.verifyQuery(escaped).path, text)
      assert.equal(new URLSearchParams(escaped).get('path') ?? '', text)
    }
  })
}

test('a lone surrogate is found at every position of every length', () => {
  for (const length of LENGTHS) {
    for (const text of [`${'a'.repeat(length)}\ud83d`, `\ude80${'é'.repeat(length)}`, `${'a'.repeat(length)}\ud83da`]) {
      assert.throws(() => new formatV1.FileUrlKey(V1_TOKEN).sign({ path: text }), { code: 'ERR_INVALID_ARG_VALUE' })
    }
  }
})

test('sandbox ids of every length are accepted or refused', () => {
  const ring = new formatV1.Keyring(SEED)
  for (const length of range(0, 1100)) {
    const id = 'a'.repeat(length)
    if (length >= 1 && length <= 63) assert.equal(ring.accessToken(id), v1.accessToken(SEED, id))
    else assert.throws(() => ring.accessToken(id), { code: 'ERR_SANDGATE_SANDBOX_ID' })
  }
})
