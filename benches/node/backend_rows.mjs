// The same work on each backend, and by what the platform and npm have. Runs in Node and in browsers.
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { END, IDS, PATHS, SEED, TOKEN } from './inputs.mjs'

const encode = (text) => new TextEncoder().encode(text)
const base64 = (bytes) => btoa(String.fromCharCode(...bytes)).slice(0, 43)
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const message = (at) => encode(`${PATHS[at]}:read:user:${TOKEN}:${END}`)
const seed = encode(SEED)

/** Rows of signing and of deriving a token, by these packages and by others; all are compared first. */
export function rowsOf(packages) {
  const rows = { sign: {}, 'check a request': {}, 'derive a token': {} }
  for (const [name, { Controller, v1 }] of Object.entries(packages)) {
    const [key, keyring, controller] = [new v1.FileUrlKey(TOKEN), new v1.Keyring(SEED), new Controller(TOKEN)]
    const url = (at) => ({ path: PATHS[at & 3], operation: 'read', user: 'user', expires: END })
    const targets = [0, 1, 2, 3].map((at) => key.url('https://x', url(at)).slice('https://x'.length))
    rows.sign[name] = (at) => key.sign(url(at))
    rows['check a request'][name] = (at) => controller.check({ method: 'GET', target: targets[at & 3] })
    rows['derive a token'][name] = (at) => keyring.accessToken(IDS[at & 3])
  }
  rows.sign['@noble/hashes'] = (at) => `v1_${base64(sha256(message(at & 3)))}`
  rows.sign.WebCrypto = async (at) => `v1_${base64(new Uint8Array(await crypto.subtle.digest('SHA-256', message(at & 3))))}`
  rows['derive a token']['@noble/hashes'] = (at) => hex(hmac(sha256, seed, encode(IDS[at & 3])))
  const [right] = Object.values(rows.sign).map((sign) => sign(0))
  if (rows.sign['@noble/hashes'](0) !== right) throw new Error('not the same signature')
  return rows
}
