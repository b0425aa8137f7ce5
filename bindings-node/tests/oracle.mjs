// Wire formats v1 and v2 with only node:crypto, written from `docs/format.md`.
import { Buffer } from 'node:buffer'
import { createHash, createHmac } from 'node:crypto'

const mac = (key, message) => createHmac('sha256', key).update(message).digest()
const expand = (key, info) => mac(key, Buffer.concat([Buffer.from(info), Buffer.of(1)]))

function integer(width, number) {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(number))
  return bytes.subarray(8 - width)
}

export const v1 = {
  accessToken: (seed, id) => mac(seed, id).toString('hex'),
  trafficToken: (seed, id) => mac(seed, `sandbox-traffic-${id}`).toString('hex'),
  signature(path, operation, user, token, expires) {
    const fields = [path, operation, user, token, ...(expires === undefined ? [] : [String(expires)])]
    const message = Buffer.concat(fields.flatMap((field, at) => (at === 0 ? [Buffer.from(field)] : [Buffer.from(':'), Buffer.from(field)])))
    return `v1_${createHash('sha256').update(message).digest('base64').replace(/=+$/, '')}`
  },
}

const root = (seed, kind) => expand(mac('sandgate/2', seed), kind)
const sandboxKey = (seed, kind, id, generation) =>
  expand(root(seed, kind), Buffer.concat([integer(2, id.length), Buffer.from(id), integer(4, generation)]))

/** [number, value] each; a value of undefined is absent. */
const claims = (...fields) =>
  Buffer.concat(
    fields
      .filter(([, value]) => value !== undefined)
      .flatMap(([number, value]) => [Buffer.of(number), integer(2, Buffer.from(value).length), Buffer.from(value)]),
  )
const u64 = (number) => (number === undefined ? undefined : integer(8, number))

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
const base32 = (bytes) =>
  [...bytes]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .match(/.{1,5}/g)
    .map((bits) => BASE32[Number.parseInt(bits.padEnd(5, '0'), 2)])
    .join('')

export const v2 = {
  accessToken: (kid, seed, id, generation) => `sg2a.${kid}.${sandboxKey(seed, 'access', id, generation).toString('base64url')}`,
  trafficToken: (kid, seed, id, generation) => `sg2t.${kid}.${sandboxKey(seed, 'traffic', id, generation).toString('base64url')}`,
  trafficRoot: (kid, seed) => `sg2r.${kid}.${root(seed, 'traffic').toString('base64url')}`,
  signature(kid, accessKey, { path, operation, user, expires, directory, maxBytes, contentSha256, context }) {
    const signed = claims(
      [1, operation],
      [2, directory === undefined ? path : undefined],
      [3, directory],
      [4, user],
      [5, u64(expires)],
      [7, u64(maxBytes)],
      [8, contentSha256],
      [9, context],
    )
    return `v2.${kid}.${mac(expand(accessKey, 'file-url'), signed).toString('base64url')}`
  },
  pass(kid, trafficKey, port, expires, context) {
    const tag = mac(expand(trafficKey, 'traffic-pass'), claims([5, u64(expires)], [9, context], [10, integer(2, port)]))
    return `sg2p.${kid}.${port}.${expires}.${tag.toString('base64url')}`
  },
  signedHost(kid, trafficKey, id, port, expires) {
    const tag = mac(expand(trafficKey, 'signed-host'), claims([5, u64(expires)], [10, integer(2, port)]))
    return `${port}-${id}-${kid}${expires.toString(36).padStart(7, '0')}${base32(tag.subarray(0, 16))}`
  },
}
