// The same work with Node's and npm's own means.

import * as crypto from 'node:crypto'
import { createSigner, createVerifier } from 'fast-jwt'
import { jwtVerify } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import { PATHS, SEED, TOKEN } from './inputs.mjs'

const message = (path, operation, user, expires) => `${path}:${operation}:${user}:${TOKEN}:${expires}`

// As the SDK does it.
const prefixed = (digest) => `v1_${digest.replace(/=+$/, '')}`
// The fastest form: 43 characters, without the trailing `=`.
const cut = (digest) => `v1_${digest.slice(0, 43)}`

export const createHashSign = (...url) => prefixed(crypto.createHash('sha256').update(message(...url)).digest('base64'))
const digest = (path, operation, user, expires) => crypto.hash('sha256', message(path, operation, user, expires), 'base64')
export const cryptoHashSign = (path, operation, user, expires) => cut(digest(path, operation, user, expires))

export const createHashVerify = (presented, ...url) => equal(createHashSign(...url), presented)
export const cryptoHashVerify = (presented, ...url) => equal(cryptoHashSign(...url), presented)

function equal(right, presented) {
  const [a, b] = [Buffer.from(right), Buffer.from(presented)]
  return a.length === b.length && crypto.timingSafeEqual(a, b)
}

/** The fastest form: the compared text is one flat string. */
export function cryptoHashLoopVerify(presented, path, operation, user, expires) {
  if (presented.length !== 46 || !presented.startsWith('v1_')) return false
  const right = digest(path, operation, user, expires)
  let different = 0
  for (let at = 0; at < 43; at++) different |= right.charCodeAt(at) ^ presented.charCodeAt(at + 3)
  return different === 0
}

/** What a controller does with a signed target by means of `URL`; returns the path. */
const checked = (verify) => (target) => {
  const { pathname, searchParams } = new URL(target, 'http://localhost')
  if (pathname !== '/files') return undefined
  const [paths, signatures, users, ends] = ['path', 'signature', 'username', 'signature_expiration'].map((name) => searchParams.getAll(name))
  if (paths.length !== 1 || signatures.length !== 1 || users.length > 1 || ends.length !== 1) return undefined
  const right = verify(signatures[0], paths[0], 'read', users[0] ?? '', ends[0])
  return right && Date.now() / 1000 <= Number(ends[0]) ? paths[0] : undefined
}
export const createHashCheck = checked(createHashVerify)
export const cryptoHashCheck = checked(cryptoHashVerify)
export const cryptoHashLoopCheck = checked(cryptoHashLoopVerify)

export const hmac = (sandboxId) => crypto.createHmac('sha256', SEED).update(sandboxId).digest('hex')
export const hmacVerify = (sandboxId, presented) => equal(hmac(sandboxId), presented)

const claims = { op: 'read', path: PATHS[0], user: 'user', exp: 4_000_000_000 }
const signed = createSigner({ key: TOKEN, algorithm: 'HS256' })(claims)
const verifier = createVerifier({ key: TOKEN, algorithms: ['HS256'], cache: false })
// From a string, jsonwebtoken would first try to make a public key, each time.
const secret = crypto.createSecretKey(Buffer.from(TOKEN))

export const fastJwt = () => verifier(signed)
export const jsonwebtokenVerify = () => jsonwebtoken.verify(signed, secret, { algorithms: ['HS256'] })
export const jose = () => jwtVerify(signed, secret, { algorithms: ['HS256'] })
