// `getSignature` of `sandgate/e2b` instead of the SDKs' own, in the runtime that this is bundled for.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as e2b from 'e2b'
import * as e2bOurs from 'e2b?ours'
import * as novita from 'novita-sandbox'
import * as novitaOurs from 'novita-sandbox?ours'
import { v1 } from 'sandgate'
import { getSignature } from 'sandgate/e2b'

const ID = 'i94gcaqbpvohfr764s5l'
const TOKEN = new v1.Keyring('a seed of at least 32 bytes, kept secret').accessToken(ID)
const PATHS = ['/', 'a.txt', '/home/user/a b.txt', '/é/漢字/🚀', '/a+b&c=d?e#f%g;h', "/~*'()!"]

const sandboxOf = ({ Sandbox }) =>
  new Sandbox({ sandboxId: ID, sandboxDomain: 'e2b.app', envdVersion: '0.6.4', envdAccessToken: TOKEN, apiKey: `e2b_${'0'.repeat(40)}` })

for (const [name, own, ours] of [['e2b', e2b, e2bOurs], ['novita-sandbox', novita, novitaOurs]]) {
  test(`${name}: URLs are the same character by character`, async (t) => {
    t.mock.method(Date, 'now', () => 1_800_000_000_999)
    assert.notEqual(own.Sandbox, ours.Sandbox)
    for (const path of PATHS) {
      for (const user of [undefined, 'user', 'é+&=%']) {
        for (const useSignatureExpiration of [undefined, 60]) {
          const options = { user, useSignatureExpiration }
          assert.equal(await sandboxOf(ours).downloadUrl(path, options), await sandboxOf(own).downloadUrl(path, options))
          assert.equal(await sandboxOf(ours).uploadUrl(path, options), await sandboxOf(own).uploadUrl(path, options))
        }
      }
    }
  })
}

test('the function gives what the SDK gives', async () => {
  const options = { path: '/a b', operation: 'write', user: 'u', envdAccessToken: TOKEN }
  assert.deepEqual(await getSignature(options), await novita.getSignature(options))
})
