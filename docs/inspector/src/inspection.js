// What a pasted text is, what it says, and whether a secret verifies it. No DOM.
import { describe, fingerprint } from 'sandgate'
import { fields } from './fields.js'
import { verdict } from './verdict.js'
import * as webhook from './webhook.js'

/** More characters than any server takes as a URL. The page reads no longer text. */
export const MAX_TEXT = 65536

/**
 * What is pasted, and what the visitor adds.
 *
 * @typedef {object} Asked
 * @property {string} text
 * @property {import('./secret.js').Secret} secret
 * @property {'' | 'read' | 'write'} operation What a file URL is used for; empty: either.
 * @property {number | undefined} port The requested port; otherwise the one that the text names.
 * @property {string} context What both sides know of the client; may be empty.
 * @property {number} now In Unix seconds.
 */

/**
 * @typedef {object} Inspection
 * @property {string} title What it is.
 * @property {string} format By which format it is signed.
 * @property {string} note What is to know about it; may be empty.
 * @property {import('./fields.js').Field[]} fields
 * @property {number | bigint | undefined} expires
 * @property {boolean} endless It never expires.
 * @property {import('./verdict.js').Verdict | undefined} verdict
 */

const FORMATS = {
  v1: 'Format v1, which the SDKs of E2B and Novita speak',
  v2: 'Format v2, sandgate’s stronger format',
}

const TITLES = {
  file_url: 'A signed file URL',
  pass: 'A traffic pass',
  signed_host: 'A signed host',
  host: 'A host without a signature',
  access_token: 'An access token',
  traffic_token: 'A traffic token',
  traffic_root: 'A traffic root',
  token: 'A token of a sandbox',
  signature: 'A signature without its URL',
  unknown: 'Unknown text',
}

const NOTES = {
  file_url: '',
  pass: '',
  signed_host: '',
  host: 'Nothing in it is signed. A restricted sandbox asks for a token, a pass or a signed host.',
  access_token: 'It opens the controller of a sandbox. It is a secret and has no expiry.',
  traffic_token: 'It opens the ports of a sandbox. It is a secret and has no expiry.',
  traffic_root: 'An edge derives every sandbox’s traffic token from it. It is a secret and has no expiry.',
  token: 'An access token or a traffic token; its text does not show which. It is a secret and has no expiry.',
  signature: 'Paste the whole URL: a signature alone does not tell what it signs.',
  unknown: 'This is no signed URL, host, pass or derived token. A token of your own or a seed may be any text.',
}

const MALFORMED = 'It does not have the shape of its format, so every verifier refuses it. The fields say what could be read.'
const UNSIGNED = 'It carries no signature that begins with v1_ or v2., so a controller refuses it.'

/** Reads what is pasted. Undefined for empty text. @param {Asked} asked @returns {Inspection | undefined} */
export function inspect(asked) {
  const text = asked.text.trim()
  if (text === '') return undefined
  if (text.length > MAX_TEXT) return tooLong(text.length)
  const pasted = webhook.split(asked.text)
  if (pasted) return ofWebhook(pasted, asked.secret.text)
  const said = describe(text)
  const isCredential = said.kind !== 'unknown' && said.kind !== 'host' && said.kind !== 'signature'
  return {
    title: TITLES[said.kind],
    format: said.format ? FORMATS[said.format] : '',
    note: note(said),
    fields: fields(said, fingerprint),
    expires: said.expires,
    endless: said.kind === 'file_url' && said.format === 'v1' && said.isWellFormed && said.expires === undefined,
    verdict: isCredential && asked.secret.text !== '' ? verdict(said, asked) : undefined,
  }
}

const ITS_NOTE =
  'Its signature is a plain hash with the secret in front: a body with more bytes at its end can be signed without the secret. Parse it strictly.'

/** @param {webhook.Pasted} pasted @param {string} secret @returns {Inspection} */
function ofWebhook(pasted, secret) {
  const verdict = secret === '' ? undefined : webhook.verdict(pasted, secret)
  const format = 'The format of E2B’s webhooks'
  return { title: 'A webhook', format, note: ITS_NOTE, fields: webhook.fields(pasted), expires: undefined, endless: false, verdict }
}

/** @param {import('sandgate').Description} said */
function note(said) {
  if (said.isWellFormed || said.kind === 'unknown') return NOTES[said.kind]
  return said.kind === 'file_url' && !said.format ? UNSIGNED : MALFORMED
}

/** @param {number} length @returns {Inspection} */
function tooLong(length) {
  const count = new Intl.NumberFormat('en').format(length)
  const note = `It has ${count} characters, more than this page reads. It was not read.`
  return { title: TITLES.unknown, format: '', note, fields: [], expires: undefined, endless: false, verdict: undefined }
}
