// `createHash`, `createHmac` and `randomBytes` of `node:crypto` where there is no Node: an implementation that is not this package's.
import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { Buffer } from './buffer.mjs'

const bytes = (value) => (typeof value === 'string' ? new Uint8Array(Buffer.from(value)) : new Uint8Array(value))

function hashing(hash) {
  return {
    update(value) {
      hash.update(bytes(value))
      return this
    },
    digest(encoding) {
      const digest = Buffer.from(hash.digest())
      return encoding === undefined ? digest : digest.toString(encoding)
    },
  }
}

export const createHash = (name) => hashing((name === 'sha512' ? sha512 : sha256).create())
export const createHmac = (_, key) => hashing(hmac.create(sha256, bytes(key)))
export const randomBytes = (length) => Buffer.from(crypto.getRandomValues(new Uint8Array(length)))
export default { createHash, createHmac, randomBytes }
