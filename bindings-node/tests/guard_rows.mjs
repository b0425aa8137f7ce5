// The requests of `vectors/guard.json`, and the comparison of answers.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { Controller, Edge, Policy, v1, v2 } from 'sandgate'
import { GUARD } from './vectors.mjs'

const table = GUARD
export const ROWS = table.rows
/** A filter that selects no rows would not reach them. */
export const FEWEST = { controller: 200, edge: 200 }

const { controllers, edge } = table
export const options = { clock: () => table.now }
export const NOW = table.now
export const CONTROLLERS = Object.fromEntries(
  Object.entries(controllers).map(([name, { access_tokens: tokens }]) => [name, tokens.length === 0 ? Controller.open() : new Controller(tokens)]),
)
export const EDGE = new Edge({
  policy: new Policy({ carriers: edge.carriers, versions: edge.versions }),
  v1Keyring: new v1.Keyring(edge.v1_seed),
  v2Keyring: new v2.Keyring([[edge.v2_kid, Buffer.from(edge.v2_seed_hex, 'hex')]]).traffic(),
})
export const lookup = ({ sandboxId }) => edge.sandboxes[sandboxId]

/** Each character is one byte. */
const latin1 = (text) => (text === undefined ? null : Buffer.from(text).toString('latin1'))

/** The answer of a controller in the form of the table. */
export function allowed(answer) {
  if (answer === undefined) return { preflight: true }
  const { basis, grant } = answer
  if (grant === undefined) return { allowed: basis, grant: null }
  const path = Buffer.from(grant.pathBytes).toString('latin1')
  return { allowed: basis, grant: { operation: grant.operation, path, user: latin1(grant.userBytes), expires: grant.expires ?? null } }
}

/** The answer of an edge in the form of the table, with the forwarded headers: `values` returns those of a name. */
export function passed(route, { basis, carrier }, target, values) {
  return { passed: basis, carrier: carrier ?? null, route: String(route), target, values }
}

export const refused = ({ gate, code, status, message }) => ({ status, gate, code: code.replace('ERR_SANDGATE_', '').toLowerCase(), message })

/** Whether an answer is the expected one. The table lists only some headers. */
export function isExpected(expect, answer) {
  const { forwarded, ...rest } = expect
  const { target, values, ...more } = answer
  assert.deepEqual(more, rest)
  if (forwarded === undefined || values === undefined) return
  assert.equal(target, forwarded.target)
  for (const [name, expected] of Object.entries(forwarded.headers)) assert.deepEqual(values(name), expected, name)
}

/**
 * Sends all rows of a gate, and reports all wrong answers together. `otherwise` lists the rows that a server answers differently, `[why, of
 * which rows, is the answer right]`; none of them may be stale.
 */
export async function askAll(gate, otherwise, ask, check) {
  const [wrong, used, rows] = [[], new Set(), ROWS.filter((row) => row.gate === gate)]
  assert(rows.length >= FEWEST[gate])
  for (const row of rows) {
    try {
      const answer = await ask(row)
      try {
        await check(row, answer)
      } catch (error) {
        const exception = otherwise.find(([, ofRow, isRight]) => ofRow(row) && isRight(answer, row))
        if (exception === undefined) throw error
        used.add(exception)
      }
    } catch (error) {
      wrong.push(`guard.json/rows/${ROWS.indexOf(row)} ${row.note}: ${row.method} ${row.target} ${JSON.stringify(row.headers)}\n${error.stack}`)
    }
  }
  assert.deepEqual(wrong, [])
  assert.deepEqual(otherwise.filter((exception) => !used.has(exception)).map(([why]) => why), [], 'stale exceptions')
}

/** A URL has it without the white space around it. */
export const hostOf = ({ headers }) => headers.find(([name]) => name.toLowerCase() === 'host')?.[1].trim()
