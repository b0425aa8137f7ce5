// Whether a secret verifies what was pasted and, if not, which field would have to differ.
import { equal, explain, explainPass, explainSignedHost, SandgateError, v1, v2 } from 'sandgate'
import { using } from './disposed.js'
import { accessToken, keyring, Lacking, sandboxId, trafficToken } from './secret.js'
import { shown } from './shown.js'

/**
 * `right`: it verifies. `late`: the signature is right and its time or its reach is not. `wrong`: it does not verify.
 * `open`: more is needed to tell.
 *
 * @typedef {object} Verdict
 * @property {'right' | 'late' | 'wrong' | 'open'} state
 * @property {string} headline
 * @property {string} detail
 * @property {{ name: string, value: string } | undefined} [differs] The field that would have to differ, and how.
 * @property {string} [answer] What a server answers.
 */

/** @typedef {import('sandgate').Description} Description */
/** @typedef {import('./inspection.js').Asked} Asked */

/** @param {Description} said @param {Asked} asked @returns {Verdict} */
export function verdict(said, asked) {
  try {
    return judged(said, withNames(said, asked))
  } catch (error) {
    if (error instanceof Lacking) return { state: 'open', headline: 'More is needed to verify', detail: error.message }
    if (error instanceof SandgateError) throw error
    // Misuse: a secret of another kind, a seed that is too short. The message names the argument and does not show it.
    const detail = error instanceof Error ? error.message : String(error)
    return { state: 'open', headline: 'This secret cannot verify it', detail }
  }
}

/** What the visitor left out is taken from the text. @param {Description} said @param {Asked} asked @returns {Asked} */
function withNames(said, asked) {
  const { secret } = asked
  const names = { sandboxId: secret.sandboxId || (said.sandboxId ?? ''), keyId: secret.keyId || (said.keyId ?? '') }
  return { ...asked, port: asked.port ?? said.hostPort ?? said.port, secret: { ...secret, ...names } }
}

/** @param {Description} said @param {Asked} asked @returns {Verdict} */
function judged(said, asked) {
  switch (said.kind) {
    case 'file_url':
      return fileUrl(said, asked)
    case 'pass':
      return pass(said, asked)
    case 'signed_host':
      return signedHost(said, asked)
    default:
      return token(said, asked)
  }
}

/** @param {Description} said @param {Asked} asked @returns {Verdict} */
function fileUrl(said, asked) {
  const format = said.format ?? 'v1'
  const token = accessToken(asked.secret, format)
  // Refuses a secret of another kind or format.
  return using(format === 'v2' ? new v2.FileUrlKey(token) : new v1.FileUrlKey(token), (key) => controllers(said, key, token, asked))
}

/**
 * What a controller with the token answers.
 *
 * @param {Description} said @param {v1.FileUrlKey | v2.FileUrlKey} key @param {string} token @param {Asked} asked @returns {Verdict}
 */
function controllers(said, key, token, { operation, context, now }) {
  const given = { now, ...(context === '' ? {} : { context }) }
  const operations = operation === '' ? OPERATIONS : [operation]
  const answers = operations.map((of) => ({ of, why: explain(said.presented, token, { operation: of, ...given }) }))
  const { of, why } = answers.reduce((best, answer) => (rank(answer.why) > rank(best.why) ? answer : best))
  if (why) return refused(why, 'A controller')
  const grant = key.verifyQuery(said.presented, { operation: of, ...(said.format === 'v2' ? given : { now }) })
  const use = grant.operation === 'read' ? 'a download (read)' : 'an upload (write)'
  return { state: 'right', headline: 'The signature is right', detail: `It is for ${use}, and a controller grants it now.` }
}

/** @type {('read' | 'write')[]} */
const OPERATIONS = ['read', 'write']

/** Which answer says most, where the URL may be for either operation. @param {import('sandgate').Explanation | undefined} why */
function rank(why) {
  if (!why) return 4
  if (!WRONG.includes(why.code)) return 3
  if (why.field !== undefined && why.field !== 'operation') return 2
  return why.code === 'ERR_SANDGATE_MALFORMED' ? 0 : 1
}

/** @param {Description} said @param {Asked} asked @returns {Verdict} */
function pass(said, { secret, port, context, now }) {
  // A pass without a port cannot be read, whichever port is asked for.
  const why = explainPass(said.presented, trafficToken(secret), port ?? 1, { now, ...(context === '' ? {} : { context }) })
  return why ? refused(why, 'An edge') : accepted(port)
}

/** @param {Description} said @param {Asked} asked @returns {Verdict} */
function signedHost(said, { secret, port, now }) {
  const why = explainSignedHost(said.presented, trafficToken(secret), sandboxId(secret), port ?? 1, { now })
  return why ? refused(why, 'An edge') : accepted(port)
}

/** @param {number | undefined} port @returns {Verdict} */
function accepted(port) {
  return { state: 'right', headline: 'The signature is right', detail: `An edge lets it pass to port ${port} now.` }
}

/** A token verifies if the secret derives it. @param {Description} said @param {Asked} asked @returns {Verdict} */
function token(said, { secret }) {
  const detail = derived(said, secret)
  if (detail) return { state: 'right', headline: 'The secret derives it', detail }
  const hint = 'Another sandbox id, another key id or another generation gives another token.'
  return { state: 'wrong', headline: 'The secret does not derive it', detail: hint }
}

/** What the secret derives, if it is this. @param {Description} said @param {import('./secret.js').Secret} secret */
function derived(said, secret) {
  const { presented, kind } = said
  const generation = { generation: secret.generation }
  if (kind === 'traffic_token') {
    if (equal(presented, trafficToken(secret))) return 'It is the traffic token of this sandbox.'
    return undefined
  }
  if (!secret.isSeed) {
    throw new Lacking('Only a seed derives it. Choose “a seed”, or paste a URL that this token should verify.')
  }
  if (kind === 'traffic_root') {
    return equal(presented, v2.trafficRoot(secret.keyId, secret.text)) ? 'It is the traffic root of this seed.' : undefined
  }
  const id = sandboxId(secret)
  if (kind === 'access_token') {
    const isIts = using(keyring(secret), (ring) => ring.isValidAccessToken(id, presented, generation))
    return isIts ? 'It is the access token of this sandbox.' : undefined
  }
  return using(new v1.Keyring(secret.text), (ring) => {
    if (ring.isValidAccessToken(id, presented)) return 'It is the access token of this sandbox.'
    return ring.isValidTrafficToken(id, presented) ? 'It is the traffic token of this sandbox.' : undefined
  })
}

const HEADLINES = {
  ERR_SANDGATE_MISSING: 'It has no signature',
  ERR_SANDGATE_MALFORMED: 'It cannot be read',
  ERR_SANDGATE_INVALID: 'The signature is wrong',
  ERR_SANDGATE_EXPIRED: 'The signature is right, and it has expired',
  ERR_SANDGATE_LIFETIME_TOO_LONG: 'The signature is right, and it lasts too long',
  ERR_SANDGATE_OUT_OF_SCOPE: 'The signature is right, and it does not reach so far',
  // Only a controller that waits answers so, and the page asks none.
  ERR_SANDGATE_NOT_INITIALIZED: 'It cannot be verified yet',
}
/** The codes of what is not rightly signed. */
const WRONG = ['ERR_SANDGATE_MISSING', 'ERR_SANDGATE_MALFORMED', 'ERR_SANDGATE_INVALID']
const NO_FIELD =
  'No change of one field that this page tries makes it right: another secret or generation made it, several fields differ, or it was signed for a context that is not given.'

/** @param {import('sandgate').Explanation} why @param {string} server @returns {Verdict} */
function refused(why, server) {
  const words = shown(`${String(why)}.`)
  const differs = why.field === undefined ? undefined : { name: why.field, value: shown(why.value ?? '(absent)') }
  return {
    state: WRONG.includes(why.code) ? 'wrong' : 'late',
    headline: HEADLINES[why.code],
    detail: why.code === 'ERR_SANDGATE_INVALID' && !differs ? `${capital(words)} ${NO_FIELD}` : capital(words),
    differs,
    answer: `${server} answers ${why.status}: ${why.message}`,
  }
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
