// No key outlives its use.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { v1, v2 } from 'sandgate'
import { using } from '../src/disposed.js'
import { inspect } from '../src/inspection.js'
import { make } from '../src/making.js'
import { host, ID, NOW, pass, ROOT, SEED, TRAFFIC_TOKEN, V1_TOKEN, v1Url, V2_TOKEN, v2Url } from './given.mjs'

const CLASSES = [v1.Keyring, v1.FileUrlKey, v2.Keyring, v2.TrafficKeyring, v2.FileUrlKey, v2.TrafficKey]

/** The keys that are used during a call, each with a call that it refuses only after it was disposed. */
function used(t, call) {
  const keys = new Map()
  for (const { prototype } of CLASSES) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const method = Object.getOwnPropertyDescriptor(prototype, name).value
      if (typeof method !== 'function' || name === 'constructor' || name === 'dispose') continue
      t.mock.method(prototype, name, function (...given) {
        keys.set(this, () => method.apply(this, given))
        return method.apply(this, given)
      })
    }
  }
  try {
    call()
  } finally {
    t.mock.restoreAll()
  }
  return keys
}

const token = { text: '', isSeed: false, sandboxId: ID, keyId: '', generation: 0 }
const seed = { ...token, text: SEED, isSeed: true, keyId: 'a' }
const asked = { operation: '', port: undefined, context: '', now: NOW }
const wanted = { format: 'v2', operation: 'read', path: '/a', user: '', directory: '', maxBytes: undefined, port: 8080, context: '', lifetime: 60, domain: 'e2b.app', now: NOW }
const look = (text, secret) => () => inspect({ ...asked, text, secret })
const sign = (kind, secret, more) => () => make({ ...wanted, kind, secret, ...more })

/** Label, how many keys it uses, the call. */
const CALLS = [
  ['file URL of v1 by its seed', 2, look(v1Url(), seed)],
  ['file URL of v2 by its seed', 2, look(v2Url(), seed)],
  ['file URL by its token', 1, look(v2Url(), { ...token, text: V2_TOKEN })],
  ['pass by its seed', 1, look(pass(), seed)],
  ['signed host by its root', 1, look(host(), { ...token, text: ROOT })],
  ['token of v1', 1, look(V1_TOKEN, seed)],
  ['access token of v2', 1, look(V2_TOKEN, seed)],
  ['traffic token of v2', 1, look(TRAFFIC_TOKEN, seed)],
  ['signing a file URL of v1', 2, sign('file_url', seed, { format: 'v1' })],
  ['signing a file URL of v2', 2, sign('file_url', seed)],
  ['signing a pass', 2, sign('pass', seed)],
  ['signing a signed host', 2, sign('signed_host', seed)],
]

for (const [label, count, call] of CALLS) {
  test(`${label} leaves no key behind`, (t) => {
    const keys = used(t, call)
    assert.equal(keys.size, count)
    for (const use of keys.values()) assert.throws(use, { code: 'ERR_SANDGATE_DISPOSED' })
  })
}

test('key whose use fails is disposed too', () => {
  const key = new v1.FileUrlKey(V1_TOKEN)
  const failed = new Error('mine')
  const fail = () => {
    throw failed
  }
  assert.throws(() => using(key, fail), failed)
  assert.throws(() => key.sign({ path: '/a' }), { code: 'ERR_SANDGATE_DISPOSED' })
})
