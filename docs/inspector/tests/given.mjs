// Secrets and what they sign, for the tests.
import { v1, v2, webhook } from 'sandgate'

export const SEED = 'a seed of at least 32 bytes, kept secret'
export const ID = 'i94gcaqbpvohfr764s5l'
export const NOW = 1800000000
export const END = NOW + 60
export const BASE = `https://49983-${ID}.e2b.app`

export const V1_TOKEN = new v1.Keyring(SEED).accessToken(ID)
export const RING = new v2.Keyring({ a: SEED })
export const V2_TOKEN = RING.accessToken(ID)
export const TRAFFIC_TOKEN = RING.trafficToken(ID)
export const ROOT = v2.trafficRoot('a', SEED)

const traffic = new v2.TrafficKey(TRAFFIC_TOKEN)
export const v1Url = (url) => new v1.FileUrlKey(V1_TOKEN).url(BASE, { path: '/home/user/a.txt', ...url })
export const v2Url = (url) => new v2.FileUrlKey(V2_TOKEN).url(BASE, { path: '/home/user/a.txt', expires: END, ...url })
export const pass = (end) => traffic.issuePass(8080, { expires: END, ...end })
export const host = (expires = END) => `https://${traffic.issueSignedHost(ID, 8080, { expires })}.e2b.app/`

export const WEBHOOK_SECRET = 'the secret of the webhook'
export const WEBHOOK_BODY = '{"type":"sandbox.lifecycle.killed"}'
const signed = (body) => webhook.sign(WEBHOOK_SECRET, Buffer.from(body))
/** A webhook as it is pasted. */
export const pasted = ({ signature = signed(WEBHOOK_BODY), version = 'v1', body = WEBHOOK_BODY } = {}) =>
  `POST /events HTTP/1.1\ncontent-type: application/json\nE2B-Signature: ${signature}\ne2b-signature-version: ${version}\n\n${body}`
