// `onRefusal` is called for refusals, and does not change the answer.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import { test } from 'node:test'
import { Controller, DECIDING_HEADERS, Edge, SandgateError, unknownSandbox } from 'sandgate'
import * as fetchGuards from 'sandgate/fetch'
import * as httpGuards from 'sandgate/http'
import { ID, V1_TOKEN } from './calls.mjs'
import { serve } from './http_client.mjs'
import { message, run } from './http_request.mjs'

const HOST = `8080-${ID}.sandbox.test`
const controller = new Controller(V1_TOKEN)
const edge = new Edge()
const ROUTE = ['route', 'ERR_SANDGATE_MISSING', 401]

/** Collects the arguments of `onRefusal`. */
function counter() {
  const told = []
  return { told, onRefusal: (request, refusal) => void told.push([request, refusal]) }
}

const shown = (refusal) => [refusal.gate, refusal.code, refusal.status]

test('sandgate/http reports each refusal once, with the request', async () => {
  const { told, onRefusal } = counter()
  const guard = httpGuards.guardController(controller, { onRefusal })
  const request = message('/a', { headers: [['Host', 'a']] })
  const answer = await run(guard.middleware, request)
  assert.equal(answer.status, 401)
  assert.deepEqual(told.map(([given, refusal]) => [given === request, refusal instanceof SandgateError, shown(refusal)]), [[true, true, ROUTE]])
  assert.equal(await run(guard.middleware, message('/a', { headers: [['Host', 'a'], ['X-Access-Token', V1_TOKEN]] })), 'next')
  assert.equal(told.length, 1)
})

test('the Fastify hook reports a refusal with the Node request', async () => {
  const { told, onRefusal } = counter()
  const raw = message('/a', { headers: [['Host', 'a']] })
  const reply = { code() {}, header() {}, send() {} }
  await httpGuards.guardController(controller, { onRefusal }).hook({ raw }, reply)
  assert.deepEqual(told.map(([given, refusal]) => [given === raw, shown(refusal)]), [[true, ROUTE]])
})

test('a refused upgrade is reported', async (t) => {
  const { told, onRefusal } = counter()
  const server = http.createServer()
  server.on('upgrade', httpGuards.guardController(controller, { onRefusal }).upgrade(() => assert.fail('let through')))
  const served = await serve(server)
  t.after(served.close)
  assert.match(await served.raw('GET /health HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'), /^HTTP\/1\.1 401 /)
  assert.deepEqual(told.map(([, refusal]) => shown(refusal)), [ROUTE])
})

test('sandgate/fetch reports each refusal once, with the request', async () => {
  const { told, onRefusal } = counter()
  const request = new Request('http://a/a')
  assert.equal(fetchGuards.guardController(controller, { onRefusal })(request).status, 401)
  assert.deepEqual(told.map(([given, refusal]) => [given === request, shown(refusal)]), [[true, ROUTE]])
})

test('an edge reports a refusal, but not an unknown sandbox', async () => {
  const { told, onRefusal } = counter()
  const request = () => new Request(`http://${HOST}/a`)
  assert.equal((await fetchGuards.guardEdge(edge, () => ({ restricted: true }), { onRefusal })(request())).status, 403)
  assert.deepEqual(told.map(([, refusal]) => refusal.gate), ['traffic'])
  const unknown = await fetchGuards.guardEdge(edge, () => undefined, { onRefusal })(request())
  const { status, body } = unknownSandbox(ID)
  assert.deepEqual([unknown.status, await unknown.text()], [status, body])
  const listed = httpGuards.guardEdge(edge, () => ({ restricted: true }), { onRefusal })
  assert.equal((await run(listed.middleware, message('/a', { headers: [['Host', HOST]] }))).status, 403)
  assert.equal(told.length, 2)
})

for (const [name, onRefusal] of Object.entries({
  throws: () => { throw new Error('the log is full') },
  rejects: async () => { throw new Error('the log is full') },
  'throws no error': () => { throw null },
  'returns an answer': () => new Response('come in'),
})) {
  test(`an onRefusal that ${name} does not change the answer`, async () => {
    const warned = name.startsWith('returns') ? undefined : once(process, 'warning')
    const answer = fetchGuards.guardController(controller, { onRefusal })(new Request('http://a/a'))
    const plain = fetchGuards.guardController(controller)(new Request('http://a/a'))
    assert.deepEqual([answer.status, await answer.text()], [plain.status, await plain.text()])
    if (warned !== undefined) {
      const [warning] = await warned
      assert.equal(warning.name, 'SandgateWarning')
      assert.match(warning.message, /^onRefusal failed: /)
    }
  })
}

test('onRefusal must be a function', () => {
  const message = 'onRefusal: must be a function'
  for (const { guardController } of [fetchGuards, httpGuards]) assert.throws(() => guardController(controller, { onRefusal: 5 }), { message })
})

test('the deciding headers are public and frozen', () => {
  assert(DECIDING_HEADERS.includes('host') && DECIDING_HEADERS.includes('x-access-token'))
  assert(Object.isFrozen(DECIDING_HEADERS))
})
