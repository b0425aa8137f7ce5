// A pasted webhook: header lines, an empty line, and the body.
import { explainWebhook, webhook } from 'sandgate'
import { shown } from './shown.js'

/**
 * @typedef {object} Pasted
 * @property {[name: string, value: string][]} headers
 * @property {Uint8Array} body
 */

const REQUEST_LINE = /^[A-Z]+ \S+ HTTP\/[\d.]+$/
const LINE = /^([!#$%&'*+.^`|~\w-]+):[ \t]*(.*)$/

/**
 * Splits a text into header lines and a body. Undefined for a text that is no webhook. The first line may be a request line.
 *
 * @param {string} text @returns {Pasted | undefined}
 */
export function split(text) {
  const pasted = text.trimStart()
  const gap = /\r?\n\r?\n/.exec(pasted)
  const lines = (gap ? pasted.slice(0, gap.index) : pasted.trimEnd()).split(/\r?\n/)
  if (REQUEST_LINE.test(lines[0] ?? '')) lines.shift()
  /** @type {[string, string][]} */
  const headers = []
  for (const line of lines) {
    const found = LINE.exec(line)
    if (!found) return undefined
    headers.push([found[1] ?? '', found[2] ?? ''])
  }
  if (!headers.some(([name]) => name.toLowerCase() === webhook.SIGNATURE_HEADER)) return undefined
  const body = gap ? pasted.slice(gap.index + gap[0].length) : ''
  return { headers, body: new TextEncoder().encode(body) }
}

/** What a pasted webhook says. @param {Pasted} pasted @returns {import('./fields.js').Field[]} */
export function fields({ headers, body }) {
  const values = (/** @type {string} */ wanted) => headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value)
  const signature = values(webhook.SIGNATURE_HEADER)
  const version = values(webhook.VERSION_HEADER)
  const count = new Intl.NumberFormat('en').format(body.length)
  return [
    { name: 'Signature', value: shown(signature.join(', ')), ...(signature.length > 1 && { note: 'given more than once' }) },
    { name: 'Version', value: version.length === 0 ? '(absent)' : shown(version.join(', ')) },
    { name: 'Body', value: `${count} bytes`, note: 'line ends of the clipboard may differ from those that were sent' },
  ]
}

/**
 * Whether the secret signed it and, if not, what would have to differ.
 *
 * @param {Pasted} pasted @param {string} secret @returns {import('./verdict.js').Verdict}
 */
export function verdict({ headers, body }, secret) {
  try {
    const why = explainWebhook(headers, secret, body)
    if (!why) {
      const detail = 'The secret signed this body. Nothing in it says when: remember the ids of handled events.'
      return { state: 'right', headline: 'The signature is right', detail }
    }
    const words = shown(`${String(why)}.`)
    const isInvalid = why.code === 'ERR_SANDGATE_INVALID'
    return {
      state: 'wrong',
      headline: isInvalid ? 'The signature is wrong' : why.code === 'ERR_SANDGATE_MISSING' ? 'It has no signature' : 'It cannot be read',
      detail: words.charAt(0).toUpperCase() + words.slice(1),
      answer: `A receiver answers ${why.status}: ${why.message}`,
    }
  } catch (error) {
    // Misuse: a secret that is too short. The message does not show it.
    const detail = error instanceof Error ? error.message : String(error)
    return { state: 'open', headline: 'This secret cannot verify it', detail }
  }
}
