// What a text is and says without a secret, and why a pass or a signed host is refused.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describe, explainPass, explainSignedHost } from 'sandgate'
import { END, ID, NOW, SECRETS, TRAFFIC, TRAFFIC_TOKEN, V1_KEY, V1_TOKEN, V2_KEY, V2_TOKEN } from './calls.mjs'

const BASE = `https://49983-${ID}.e2b.app`
const pass = TRAFFIC.issuePass(8080, { expires: END })
const label = TRAFFIC.issueSignedHost(ID, 8080, { expires: END })

test('file URL says all that is signed', () => {
  const contentSha256 = new Uint8Array(32).fill(7)
  const url = { path: '/in/é', directory: '/in/', operation: 'write', user: 'user', maxBytes: 9, contentSha256, expires: END }
  const said = describe(V2_KEY.url(BASE, url))
  assert.equal(said.presented.startsWith('path=%2Fin%2F'), true)
  assert.deepEqual(
    { ...said },
    {
      kind: 'file_url',
      format: 'v2',
      isWellFormed: true,
      sandboxId: ID,
      hostPort: 49983,
      keyId: 'a',
      port: undefined,
      expires: END,
      path: '/in/é',
      user: 'user',
      directory: '/in/',
      maxBytes: 9,
      contentSha256,
      isPercentEncoded: false,
    },
  )
  assert(Object.isFrozen(said))
})

test('file URL of v1 need not be UTF-8', () => {
  const said = describe(V1_KEY.url(BASE, { path: Uint8Array.of(0x2f, 0xff) }))
  assert.deepEqual([said.format, said.path, said.isPercentEncoded, said.expires], ['v1', '/%FF', true, undefined])
})

test('each kind is told', () => {
  const kinds = [pass, label, `8080-${ID}.e2b.app`, V2_TOKEN, TRAFFIC_TOKEN, V1_TOKEN, 'hello', '', '\0', '\ud800']
  const expected = ['pass', 'signed_host', 'host', 'access_token', 'traffic_token', 'token', ...Array(4).fill('unknown')]
  assert.deepEqual(kinds.map((text) => describe(text).kind), expected)
  assert.throws(() => describe(7), TypeError)
})

test('pass and signed host that are accepted need no explanation', () => {
  assert.equal(explainPass(pass, TRAFFIC_TOKEN, 8080, { now: NOW }), undefined)
  assert.equal(explainSignedHost(label, TRAFFIC_TOKEN, ID, 8080, { now: NOW }), undefined)
})

test('the one field that is another', () => {
  const edited = explainPass(pass.replace('8080', '9090'), TRAFFIC_TOKEN, 8080, { now: NOW })
  assert.deepEqual([edited.code, edited.field, edited.value, edited.expires], ['ERR_SANDGATE_INVALID', 'port', '8080', END])
  const other = explainSignedHost(label.replace(ID, 'abc'), TRAFFIC_TOKEN, ID, 8080, { now: NOW })
  assert.deepEqual([other.field, other.value], ['sandbox id', ID])
  const context = explainPass(pass, TRAFFIC_TOKEN, 8080, { now: NOW, context: 'x' })
  assert.match(String(context), /the signature is right without context$/)
  const late = explainPass(pass, TRAFFIC_TOKEN, 8080, { now: END + 1 })
  assert.deepEqual([late.code, late.field], ['ERR_SANDGATE_EXPIRED', undefined])
  for (const why of [edited, other, context, late]) {
    assert(!SECRETS.some((secret) => JSON.stringify(why).includes(secret) || String(why).includes(secret)))
  }
})

test('another secret than a traffic token is refused', () => {
  assert.throws(() => explainPass(pass, V2_TOKEN, 8080, { now: NOW }), { code: 'ERR_SANDGATE_ACCESS_TOKEN_GIVEN' })
})
