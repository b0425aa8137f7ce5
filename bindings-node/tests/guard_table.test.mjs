// The table of requests, tested on the classes and on the guards of `sandgate/fetch` without a server.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { forwardHeader, forwardTarget, SandgateError } from 'sandgate'
import { guardController, guardEdge } from 'sandgate/fetch'
import { testNames } from './every_array.mjs'
import { DROPS, requestWith } from './fetch_request.mjs'
import { allowed, askAll, CONTROLLERS, EDGE, hostOf, isExpected, lookup, NOW, options, passed, refused } from './guard_rows.mjs'
import { GUARD } from './vectors.mjs'

testNames('guard.json', GUARD, ['rows'])

function answered(ask) {
  try {
    return ask()
  } catch (error) {
    if (!(error instanceof SandgateError)) throw error
    return refused(error)
  }
}

/** The same request in each accepted form. */
function forms({ method, target, headers }) {
  const bytes = (text) => Buffer.from(text, 'latin1')
  const lines = headers.map(([name, value]) => [name.toUpperCase(), bytes(value)])
  return [
    { method, target, headers, now: NOW },
    { method: bytes(method), target: bytes(target), headers: lines, now: NOW, beside: { method, target, headers } },
  ]
}

const inEachForm = (ask) => (row) => forms(row).map((request) => answered(() => ask(request, row)))
const isEachExpected = ({ expect }, answers) => answers.forEach((answer) => isExpected(expect, answer))

test('Controller.guard', () => {
  const ask = inEachForm((request, { deployment }) => allowed(CONTROLLERS[deployment].guard(request)))
  return askAll('controller', [], ask, isEachExpected)
})

test('Edge.route and Edge.guard', () => {
  const ask = inEachForm((request, row) => {
    const route = EDGE.route(request)
    const state = lookup(route)
    if (state === undefined) return { status: 502, gate: null, code: null, message: 'The sandbox was not found' }
    const values = (name) => row.headers.filter((line) => line[0].toLowerCase() === name).map((line) => forwardHeader(...line)).filter((value) => value !== undefined)
    return passed(route, EDGE.guard(route, state, request), forwardTarget(row.target), values)
  })
  return askAll('edge', [], ask, isEachExpected)
})

/** A request from a runtime that normalises nothing. */
function request({ method, target, headers, body }) {
  const url = target.startsWith('http:') ? target : `http://${hostOf({ headers }) || 'localhost'}${target}`
  // `Headers` refuses a name with a colon.
  const lines = headers.filter(([name]) => !name.startsWith(':'))
  const made = requestWith('http://a', { headers: lines, ...(body && { method: 'POST', body, duplex: 'half' }) })
  return Object.defineProperties(made, { url: { value: url }, method: { value: method } })
}

async function isAnswered({ method, expect }, answer) {
  if (!(answer instanceof Response)) return isExpected(expect, answer)
  const { status, message } = expect
  const body = method === 'HEAD' ? { message } : await answer.json()
  assert.deepEqual([answer.status, body.message], [status, message])
}

test('the guard of fetch for a controller', () => {
  const ask = (row) => {
    const checked = guardController(CONTROLLERS[row.deployment], options)(request(row))
    return checked instanceof Response ? checked : allowed(checked)
  }
  return askAll('controller', [], ask, isAnswered)
})

const OF_FETCH = [
  ['a URL has a host, where the header is empty', (row) => hostOf(row) === '', ({ status }) => status === 400],
  [
    'a URL does not tell whether the request line had the host of the header too',
    (row) => row.target.startsWith('http:') && new URL(row.target).host === hostOf(row),
    ({ status, passed }, { target }) => (target.endsWith('/init') ? status === 404 : passed === 'public'),
  ],
]

test('the guard of fetch for an edge', () => {
  const normal = (target) => new URL(`http://a${target}`).href.slice('http://a'.length)
  const ask = async (row) => {
    const checked = await guardEdge(EDGE, lookup, options)(request(row))
    if (checked instanceof Response) return checked
    const { headers, url } = checked.request
    // `Request` writes the target as the URL standard does, and an edge must read it the same way.
    const { target = '/' } = row.expect.forwarded ?? {}
    if (row.expect.forwarded) assert.equal(url.slice(`http://${new URL(url).host}`.length), normal(target))
    // A browser drops some of the headers that are forwarded.
    const values = DROPS ? undefined : (name) => (headers.has(name) ? [headers.get(name)] : [])
    return passed(checked.route, checked.passed, target, values)
  }
  return askAll('edge', OF_FETCH, ask, isAnswered)
})
