// Makes a signed URL, a pass, a signed host or a webhook from a form.
import { Route, v1, v2, webhook } from 'sandgate'
import { using } from './disposed.js'
import { accessToken, sandboxId, trafficToken } from './secret.js'

/**
 * @typedef {object} Wanted
 * @property {'file_url' | 'pass' | 'signed_host' | 'webhook'} kind
 * @property {'v1' | 'v2'} format Of a file URL.
 * @property {'read' | 'write'} operation
 * @property {string} path
 * @property {string} user Empty: none.
 * @property {string} directory Empty: none. Of v2.
 * @property {number | undefined} maxBytes Of an upload of v2.
 * @property {number} port Of a pass or a signed host.
 * @property {string} context Empty: none. Of v2.
 * @property {number} lifetime In seconds. Not of a webhook.
 * @property {string} body Of a webhook.
 * @property {string} domain What follows the sandbox's label in a host.
 * @property {import('./secret.js').Secret} secret
 * @property {number} now In Unix seconds.
 */

/** Where controllers listen. */
const CONTROLLER_PORT = 49983

/**
 * @param {Wanted} wanted
 * @returns {string}
 * @throws {Error} for what cannot be signed; the message says why.
 */
export function make(wanted) {
  const { secret, port, context, lifetime, now, domain } = wanted
  const end = { expiresIn: lifetime, now }
  const client = context === '' ? {} : { context }
  switch (wanted.kind) {
    case 'file_url':
      return fileUrl(wanted, end, client)
    case 'pass':
      return using(new v2.TrafficKey(trafficToken(secret)), (key) => key.issuePass(port, { ...end, ...client }))
    case 'signed_host': {
      const id = sandboxId(secret)
      const label = using(new v2.TrafficKey(trafficToken(secret)), (key) => key.issueSignedHost(id, port, end))
      return `https://${label}.${domain}/`
    }
    case 'webhook': {
      const signature = webhook.sign(secret.text, new TextEncoder().encode(wanted.body))
      const lines = [`${webhook.SIGNATURE_HEADER}: ${signature}`, `${webhook.VERSION_HEADER}: ${webhook.VERSION}`]
      return `${lines.join('\n')}\n\n${wanted.body}`
    }
  }
}

/** @param {Wanted} wanted @param {{ expiresIn: number, now: number }} end @param {{ context?: string }} client */
function fileUrl({ secret, format, domain, path, operation, user, directory, maxBytes }, end, client) {
  const base = `https://${new Route(sandboxId(secret), CONTROLLER_PORT)}.${domain}`
  const token = accessToken(secret, format)
  const url = { path, operation, ...(user === '' ? {} : { user }), ...end }
  if (format === 'v1') return using(new v1.FileUrlKey(token), (key) => key.url(base, url))
  const beyond = { ...(directory === '' ? {} : { directory }), ...(maxBytes === undefined ? {} : { maxBytes }), ...client }
  return using(new v2.FileUrlKey(token), (key) => key.url(base, { ...url, ...beyond }))
}
