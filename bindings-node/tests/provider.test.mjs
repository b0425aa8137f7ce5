// A guard accepts a function that returns the current controller or edge.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Controller, Edge, SandgateError, v2 } from 'sandgate'
import * as fetchGuards from 'sandgate/fetch'
import * as httpGuards from 'sandgate/http'
import { ID } from './calls.mjs'
import { message, run } from './http_request.mjs'

const SEEDS = ['b', 'c'].map((kid) => [kid, `${kid} is a seed of at least 32 bytes, kept secret`])
const RINGS = SEEDS.map((seed) => new v2.Keyring([seed]))
const TOKENS = RINGS.map((ring) => ring.accessToken(ID))
const TRAFFIC = RINGS.map((ring) => ring.trafficToken(ID))
const CONTROLLERS = TOKENS.map((token) => new Controller(token))
const EDGES = RINGS.map((ring) => new Edge({ v2Keyring: ring.traffic() }))
const HOST = `8080-${ID}.sandbox.test`
const restricted = () => ({ restricted: true })

/** Each door: a guard, and the outcome of a request with one header: a status, 200 from the app, or the error. */
const http = ({ middleware }) => async (name, value) => {
  const answer = await run(middleware, message('/a', { headers: [['Host', HOST], [name, value]] }))
  return answer === 'next' ? 200 : (answer.error ?? answer.status)
}
const hook = ({ hook }) => async (name, value) => {
  let status = 200
  const reply = { code: (code) => (status = code), header() {}, send() {} }
  try {
    await hook({ raw: message('/a', { headers: [['Host', HOST], [name, value]] }) }, reply)
  } catch (error) {
    return error
  }
  return status
}
const fetched = (guard) => async (name, value) => {
  try {
    const answer = await guard(new Request(`http://${HOST}/a`, { headers: { [name]: value } }))
    return answer instanceof Response ? answer.status : 200
  } catch (error) {
    return error
  }
}
const DOORS = { http: [httpGuards, http], fastify: [httpGuards, hook], fetch: [fetchGuards, fetched] }

/** Both roles of a door, as `ask(token)`. */
const roles = ([{ guardController, guardEdge }, door]) => ({
  controller: {
    holding: CONTROLLERS, tokens: TOKENS, refused: 401,
    guard: (given, _lookup, options) => { const ask = door(guardController(given, options)); return (token) => ask('X-Access-Token', token) },
  },
  edge: {
    holding: EDGES, tokens: TRAFFIC, refused: 403,
    guard: (given, lookup = restricted, options = undefined) => { const ask = door(guardEdge(given, lookup, options)); return (token) => ask('E2b-Traffic-Access-Token', token) },
  },
})

for (const [door, parts] of Object.entries(DOORS)) {
  for (const [role, { holding, tokens, refused, guard }] of Object.entries(roles(parts))) {
    test(`${door}: the next request is decided by the new ${role}`, async () => {
      let [current, calls] = [holding[0], 0]
      const ask = guard(() => (calls++, current))
      assert.deepEqual([await ask(tokens[0]), await ask(tokens[1])], [200, refused])
      current = holding[1]
      assert.deepEqual([await ask(tokens[0]), await ask(tokens[1])], [refused, 200])
      assert.equal(calls, 4)
    })

    test(`${door}: a function that does not return a ${role} is an error of the app`, async () => {
      const [other] = role === 'edge' ? CONTROLLERS : EDGES
      for (const wrong of [undefined, null, tokens[0], other, holding[0].constructor, Promise.resolve(holding[0]), Object.create(null)]) {
        const error = await guard(() => wrong)(tokens[0])
        assert(error instanceof TypeError && !(error instanceof SandgateError))
        assert.equal(error.code, 'ERR_INVALID_ARG_TYPE')
        assert.match(error.message, new RegExp(`^${role}: must be a function that returns an? ${role}$`, 'i'))
      }
    })

    test(`${door}: an exception of the ${role} function is an error of the app`, async () => {
      const thrown = new Error('gone')
      assert.equal(await guard(() => { throw thrown })(tokens[0]), thrown)
    })

    test(`${door}: a promise of a ${role} is an error of the app, and its rejection ends nothing`, async (t) => {
      const unhandled = t.mock.fn()
      process.on('unhandledRejection', unhandled)
      t.after(() => process.off('unhandledRejection', unhandled))
      const rejected = async () => { throw new Error('gone') }
      const late = () => new Promise((_, reject) => setImmediate(reject, new Error('gone')))
      for (const promised of [rejected, late]) {
        for (const [given, options] of [[promised], [holding[0], { clock: promised }], [holding[0], { context: promised }], [holding[0], { context: promised, clock: () => { throw new TypeError() } }]]) {
          assert((await guard(given, undefined, options)(tokens[0])) instanceof TypeError)
        }
        if (role === 'edge') assert((await guard(holding[0], () => ({ restricted: promised() }))(tokens[0])) instanceof TypeError)
      }
      await new Promise((done) => setTimeout(done, 10))
      assert.deepEqual(unhandled.mock.calls.map((call) => call.arguments[0]), [])
    })

    test(`${door}: a ${role} or a function, and nothing else`, () => {
      for (const wrong of [undefined, null, tokens[0], {}, holding[0].constructor]) {
        assert.throws(() => guard(wrong), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE', message: /, or a function that returns one$/ })
      }
    })
  }

  test(`${door}: both steps of an edge use the same one`, async () => {
    let [current, calls] = [EDGES[0], 0]
    const ask = roles(parts).edge.guard(() => (calls++, current), async () => {
      current = EDGES[1]
      return restricted()
    })
    assert.deepEqual([await ask(TRAFFIC[0]), calls], [200, 1])
    assert.equal(await ask(TRAFFIC[0]), 403)
  })

  test(`${door}: each request is decided by the edge with which it started, even if it is replaced`, async () => {
    let [current, calls] = [EDGES[0], 0]
    const ask = roles(parts).edge.guard(() => (calls++, current), async () => {
      await new Promise((done) => setTimeout(done, 1))
      return restricted()
    })
    const asked = Array.from({ length: 400 }, async (_, number) => {
      const [edge, token] = [number % 2, (number >> 1) % 2]
      current = EDGES[edge]
      return (await ask(TRAFFIC[token])) === (edge === token ? 200 : 403)
    })
    assert((await Promise.all(asked)).every(Boolean))
    assert.equal(calls, 400)
  })
}

test('fetch: an OPTIONS whose body is read calls the provider once', async () => {
  let calls = 0
  const guard = fetchGuards.guardController(() => CONTROLLERS[calls++])
  const headers = { origin: 'https://a.test', 'access-control-request-method': 'PUT', 'x-access-token': TOKENS[0] }
  const checked = guard(new Request('http://a/metrics', { method: 'OPTIONS', headers, body: new Uint8Array([1]) }))
  assert.equal(calls, 1)
  // Deno has a body for every request that it serves, so the body is no evidence.
  assert.equal(checked?.basis, 'Deno' in globalThis ? undefined : 'token')
})

test('what a function throws may throw when it is read', async () => {
  const hostile = [
    { get message() { throw new Error('inside') } },
    new Proxy({}, { getPrototypeOf() { throw new Error('inside') } }),
  ]
  for (const thrown of hostile) {
    const fails = () => { throw thrown }
    for (const guard of [httpGuards.guardController(fails), httpGuards.guardEdge(EDGES[0], async () => fails())]) {
      const answer = await http(guard)('X-Access-Token', TOKENS[0])
      assert.match(answer.message, /could not decide/)
    }
  }
})
