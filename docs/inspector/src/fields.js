// What a text says, as rows to show.
import { shown } from './shown.js'

/** @typedef {{ name: string, value: string, note?: string }} Field */

/**
 * @param {import('sandgate').Description} said
 * @param {(token: string) => string} fingerprint
 * @returns {Field[]}
 */
export function fields(said, fingerprint) {
  /** @type {(Field | undefined)[]} */
  const rows = [
    row('Path', said.path, said.directory === undefined ? undefined : 'not signed: the signature covers the directory'),
    row('Directory', said.directory, 'everything beneath it'),
    row('User', said.user === '' ? '(empty)' : said.user),
    row('Port', said.port ?? said.hostPort),
    row('Sandbox', said.sandboxId),
    row('Key id', said.keyId, 'which seed made it'),
    row('At most', said.maxBytes === undefined ? undefined : bytes(said.maxBytes)),
    row('SHA-256 of the content', said.contentSha256 && hex(said.contentSha256)),
  ]
  if (said.isPercentEncoded) rows.push({ name: 'Encoding', value: 'not UTF-8, so it is shown percent-encoded' })
  const isToken = ['access_token', 'traffic_token', 'traffic_root', 'token'].includes(said.kind)
  if (isToken) rows.push({ name: 'Fingerprint', value: fingerprint(said.presented), note: 'what a log may show of it' })
  return rows.filter((row) => row !== undefined)
}

/** @param {string} name @param {string | number | undefined} value @param {string} [note] @returns {Field | undefined} */
function row(name, value, note) {
  if (value === undefined) return undefined
  return note === undefined ? { name, value: shown(String(value)) } : { name, value: shown(String(value)), note }
}

/** @param {number} count */
function bytes(count) {
  return `${new Intl.NumberFormat('en').format(count)} bytes`
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
