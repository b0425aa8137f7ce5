// The npm package compared with node:crypto, the SDK and other peers, interleaved in one process.
//
//     cargo xtask bench; or, with this tree's package in node_modules: node bench.mjs [--once]
//
// Only the ratios mean anything: each is of the minima of many rounds, in which every candidate had its turn.

import assert from 'node:assert/strict'
import { getSignature as sdkGetSignature } from 'e2b'
import { v1, v2 } from 'sandgate'
import { getSignature, getSignatureSync } from 'sandgate/e2b'
import { END, IDS, MASK, PATHS, SEED, TOKEN } from './inputs.mjs'
import { measure, table } from './measure.mjs'
import * as peers from './peers.mjs'

const key = new v1.FileUrlKey(TOKEN)
const keyring = new v1.Keyring(SEED)
const keyV2 = new v2.FileUrlKey(new v2.Keyring({ a: SEED }).accessToken(IDS[0]))
const url = (at) => ({ path: PATHS[at & MASK], operation: 'read', user: 'user', expires: END })
const asPresented = (text) => Buffer.from(text).toString()
const SIGNATURES = PATHS.map((_, at) => asPresented(key.sign(url(at))))
const SIGNATURES_V2 = PATHS.map((_, at) => asPresented(keyV2.sign(url(at))))
const TOKENS = IDS.map((id) => asPresented(keyring.accessToken(id)))

const opts = (at) => ({ path: PATHS[at & MASK], operation: 'read', user: 'user', envdAccessToken: TOKEN, expirationInSeconds: 60 })
const verifyBy = (verify) => (at) => {
  const right = verify(SIGNATURES[at & MASK], PATHS[at & MASK], 'read', 'user', END)
  if (!right || Date.now() / 1000 > END) throw new Error('refused')
}

/** What is compared: ours first, then the others that do the same. */
const ROWS = {
  getSignature: {
    'sandgate/e2b': async (at) => await getSignature(opts(at)),
    getSignatureSync: (at) => getSignatureSync(opts(at)),
    'the SDK': async (at) => await sdkGetSignature(opts(at)),
  },
  sign: {
    'sandgate/v1': (at) => key.sign({ path: PATHS[at & MASK], operation: 'read', user: 'user', expires: END }),
    'sandgate/v2': (at) => keyV2.sign({ path: PATHS[at & MASK], operation: 'read', user: 'user', expires: END }),
    'crypto.hash': (at) => peers.cryptoHashSign(PATHS[at & MASK], 'read', 'user', END),
    createHash: (at) => peers.createHashSign(PATHS[at & MASK], 'read', 'user', END),
  },
  verify: {
    'sandgate/v1': (at) =>
      key.verify(SIGNATURES[at & MASK], { path: PATHS[at & MASK], operation: 'read', user: 'user', expires: END }),
    'sandgate/v2': (at) =>
      keyV2.verify(SIGNATURES_V2[at & MASK], { path: PATHS[at & MASK], operation: 'read', user: 'user', expires: END }),
    'crypto.hash, own loop': verifyBy(peers.cryptoHashLoopVerify),
    'crypto.hash, timingSafeEqual': verifyBy(peers.cryptoHashVerify),
    'createHash, timingSafeEqual': verifyBy(peers.createHashVerify),
    'fast-jwt': peers.fastJwt,
    jsonwebtoken: peers.jsonwebtokenVerify,
    jose: async () => await peers.jose(),
  },
  'derive a token': {
    'sandgate/v1': (at) => keyring.accessToken(IDS[at & MASK]),
    createHmac: (at) => peers.hmac(IDS[at & MASK]),
  },
  'verify a token': {
    'sandgate/v1': (at) => keyring.verifyAccessToken(IDS[at & MASK], TOKENS[at & MASK]),
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

const once = process.argv[2] === '--once'
const measured = await measure(ROWS, ...(once ? [1, 1] : [1000, 300_000]))
if (!once) console.log(table(ROWS, measured))
