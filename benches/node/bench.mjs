// The npm package compared with node:crypto, the SDK and other peers, interleaved in one process. Prints JSON.
//
//     cargo xtask bench; or, with this tree's package in node_modules: node bench.mjs [--once]
//
// Compare only ratios: each is one of the minima of many rounds that interleave all candidates.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { getSignature as sdkGetSignature } from 'e2b'
import { Controller, v1, v2 } from 'sandgate'
import { getSignature, getSignatureSync } from 'sandgate/e2b'
import { END, ESCAPED_PATHS, IDS, MASK, PATHS, SEED, TOKEN } from './inputs.mjs'
import { measure, report } from './measure.mjs'
import * as peers from './peers.mjs'
import { served } from './servers.mjs'

const key = new v1.FileUrlKey(TOKEN)
const keyring = new v1.Keyring(SEED)
const keyV2 = new v2.FileUrlKey(new v2.Keyring({ a: SEED }).accessToken(IDS[0]))
const url = (at) => ({ path: PATHS[at & MASK], operation: 'read', user: 'user', expires: END })
const asPresented = (text) => Buffer.from(text).toString()
const SIGNATURES = PATHS.map((_, at) => asPresented(key.sign(url(at))))
const SIGNATURES_V2 = PATHS.map((_, at) => asPresented(keyV2.sign(url(at))))
const TOKENS = IDS.map((id) => asPresented(keyring.accessToken(id)))

const controller = new Controller(TOKEN)
/** As the JavaScript SDK writes it. */
const TARGETS = ESCAPED_PATHS.map((path) => {
  const url = new URL('https://x/files')
  url.searchParams.set('username', 'user')
  url.searchParams.set('path', path)
  url.searchParams.set('signature', key.sign({ path, operation: 'read', user: 'user', expires: END }))
  url.searchParams.set('signature_expiration', String(END))
  return asPresented(url.pathname + url.search)
})
const REQUESTS = TARGETS.map((target) => new Request(`https://49983-i94gcaqbpvohfr764s5l.e2b.app${target}`))
const guarded = served(TOKEN)

const opts = (at) => ({ path: PATHS[at & MASK], operation: 'read', user: 'user', envdAccessToken: TOKEN, expirationInSeconds: 60 })
const verifyBy = (verify) => (at) => {
  const right = verify(SIGNATURES[at & MASK], PATHS[at & MASK], 'read', 'user', END)
  if (!right || Date.now() / 1000 > END) throw new Error('refused')
}

/** The candidates: ours first, then others that do the same. */
const ROWS = {
  'controller.check, a signed target': {
    sandgate: (at) => controller.check({ method: 'GET', target: TARGETS[at & MASK] }),
    'URL, crypto.hash, own loop': (at) => peers.cryptoHashLoopCheck(TARGETS[at & MASK]) ?? assert.fail(),
    'URL, crypto.hash, timingSafeEqual': (at) => peers.cryptoHashCheck(TARGETS[at & MASK]) ?? assert.fail(),
    'URL, createHash, timingSafeEqual': (at) => peers.createHashCheck(TARGETS[at & MASK]) ?? assert.fail(),
    'fast-jwt; no query': peers.fastJwt,
  },
  'http guard, a signed request': {
    sandgate: (at) => guarded.http(TARGETS[at & MASK]),
    'the request without a guard': (at) => guarded.bareHttp(TARGETS[at & MASK]),
  },
  'fetch guard, a signed request': { sandgate: (at) => guarded.fetch(REQUESTS[at & MASK]) },
  "the SDK's getSignature": {
    sandgate: async (at) => await getSignature(opts(at)),
    'sandgate, getSignatureSync': (at) => getSignatureSync(opts(at)),
    'the SDK': async (at) => await sdkGetSignature(opts(at)),
  },
  'v1 sign': {
    sandgate: (at) => key.sign({ path: PATHS[at & MASK], operation: 'read', user: 'user', expires: END }),
    'crypto.hash': (at) => peers.cryptoHashSign(PATHS[at & MASK], 'read', 'user', END),
    createHash: (at) => peers.createHashSign(PATHS[at & MASK], 'read', 'user', END),
  },
  'v1 verify': {
    sandgate: (at) => key.verify(SIGNATURES[at & MASK], { path: PATHS[at & MASK], operation: 'read', user: 'user', expires: END }),
    'crypto.hash, own loop': verifyBy(peers.cryptoHashLoopVerify),
    'crypto.hash, timingSafeEqual': verifyBy(peers.cryptoHashVerify),
    'createHash, timingSafeEqual': verifyBy(peers.createHashVerify),
    'fast-jwt': peers.fastJwt,
    jsonwebtoken: peers.jsonwebtokenVerify,
    jose: async () => await peers.jose(),
  },
  'v2 sign': { sandgate: (at) => keyV2.sign({ path: PATHS[at & MASK], operation: 'read', user: 'user', expires: END }) },
  'v2 verify': {
    sandgate: (at) =>
      keyV2.verify(SIGNATURES_V2[at & MASK], { path: PATHS[at & MASK], operation: 'read', user: 'user', expires: END }),
  },
  'v1 derive a token': {
    sandgate: (at) => keyring.accessToken(IDS[at & MASK]),
    createHmac: (at) => peers.hmac(IDS[at & MASK]),
  },
  'v1 verify a token': {
    sandgate: (at) => keyring.verifyAccessToken(IDS[at & MASK], TOKENS[at & MASK]),
    'createHmac, timingSafeEqual': (at) => peers.hmacVerify(IDS[at & MASK], TOKENS[at & MASK]) || assert.fail(),
  },
}

const endless = { ...opts(0), expirationInSeconds: undefined }
assert.deepEqual(await getSignature(endless), await sdkGetSignature(endless))
for (const sign of [peers.cryptoHashSign, peers.createHashSign]) {
  assert.equal(sign(PATHS[0], 'read', 'user', END), SIGNATURES[0])
}
assert.equal(peers.hmac(IDS[0]), TOKENS[0])
for (const verify of [peers.cryptoHashLoopVerify, peers.cryptoHashVerify, peers.createHashVerify]) {
  const presented = (at) => verify(SIGNATURES[at], PATHS[0], 'read', 'user', END)
  assert(presented(0) && !presented(1))
}

for (const check of [peers.cryptoHashLoopCheck, peers.cryptoHashCheck, peers.createHashCheck]) {
  assert.equal(check(TARGETS[3]), ESCAPED_PATHS[3])
  assert.equal(check(TARGETS[3].replace('v1_', 'v1_a')), undefined)
}
for (const grant of [controller.check({ method: 'GET', target: TARGETS[3] }).grant, guarded.http(TARGETS[3]), guarded.fetch(REQUESTS[3])]) {
  assert.equal(grant.path, ESCAPED_PATHS[3])
}

const installed = (name) => createRequire(import.meta.url)(`./node_modules/${name}/package.json`).version
const versions = Object.fromEntries(['e2b', 'fast-jwt', 'jose', 'jsonwebtoken'].map((name) => [name, installed(name)]))
const once = process.argv[2] === '--once'
const rounds = once ? 1 : 500
const measured = await measure(ROWS, rounds, once ? 1 : 300_000, (text) => console.error(`Node: ${text}`))
console.log(report('Node', { Node: process.versions.node, ...versions }, rounds, measured))
