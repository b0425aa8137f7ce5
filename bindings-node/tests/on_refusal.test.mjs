// `onRefusal` is called for refusals, and does not change the answer.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import { test } from 'node:test'
import express from 'express'
import Fastify from 'fastify'
import { Controller, DECIDING_HEADERS, Edge, SandgateError, unknownSandbox, v1 } from 'sandgate'
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

/** Hooks that would have another answer, each by what it is given. */
const MEDDLING = {
  'makes it a HEAD': (req) => (req.method = 'HEAD'),
  'answers itself': (req) => req.res?.end('mine'),
  'sets a status': (req) => req.res && (req.res.statusCode = 200),
  'sets a header': (req) => req.res?.headersSent !== true && req.res?.setHeader('content-length', '1'),
  'changes the refusal': (_req, refusal) => Object.assign(refusal, { status: 200 }),
}

for (const [name, onRefusal] of Object.entries(MEDDLING)) {
  for (const [door, app] of Object.entries({
    http: (guard) => http.createServer((req, res) => guard.listener(assert.fail)(Object.assign(req, { res }), res)),
    express: (guard) => http.createServer(express().use(guard.middleware)),
  })) {
    test(`an onRefusal that ${name} changes nothing of the answer of ${door}`, async (t) => {
      for (const kind of [(options) => httpGuards.guardController(controller, options), (options) => httpGuards.guardEdge(edge, () => ({ restricted: true }), options)]) {
        let calls = 0
        const hook = (...given) => (calls++, onRefusal(...given))
        const [plain, served] = await Promise.all([serve(app(kind())), serve(app(kind({ onRefusal: hook })))])
        t.after(() => Promise.all([plain.close(), served.close()]))
        const [expected, answer] = await Promise.all([plain, served].map(({ ask }) => ask('GET', '/a', [['Host', HOST]])))
        assert.deepEqual([answer.status, answer.headers['content-length'], answer.text], [expected.status, expected.headers['content-length'], expected.text])
        assert.equal(calls, 1)
      }
    })
  }

  test(`an onRefusal that ${name} changes nothing of the answer of Fastify`, async (t) => {
    const [told, app] = [[], Fastify()]
    t.after(() => app.close())
    const hook = (req, refusal) => (told.push(refusal), onRefusal(req, refusal))
    app.addHook('onRequest', httpGuards.guardController(controller, { onRefusal: hook }).hook)
    app.get('/a', assert.fail)
    const answer = await app.inject('/a')
    assert.deepEqual([answer.statusCode, answer.headers['content-length'], answer.json().code], [401, String(answer.rawPayload.length), 401])
    assert.equal(told.length, 1)
  })

  test(`an onRefusal that ${name} changes nothing of the answer to fetch`, async () => {
    const meddles = (request, refusal) => onRefusal(Object.defineProperty(request, 'method', { writable: true }), refusal)
    const [answer, plain] = [{ onRefusal: meddles }, {}].map((options) => fetchGuards.guardController(controller, options)(new Request('http://a/a')))
    assert.deepEqual([answer.status, await answer.text()], [plain.status, await plain.text()])
  })
}

test('the answer is given first', async () => {
  let ended
  const guard = httpGuards.guardController(controller, { onRefusal: (req) => (ended = req.answer.writableEnded) })
  const request = message('/a', { headers: [['Host', 'a']] })
  request.answer = new http.ServerResponse(request)
  guard.middleware(request, request.answer, assert.fail)
  assert.equal(ended, true)
})

test('a refusal counts where the answer cannot be given', () => {
  const { told, onRefusal } = counter()
  const response = { on() {}, writeHead() { throw new Error('gone') } }
  const guard = httpGuards.guardController(controller, { onRefusal })
  assert.throws(() => guard.middleware(message('/a', { headers: [['Host', 'a']] }), response, assert.fail), /gone/)
  assert.equal(told.length, 1)
})

test('onRefusal must be a function', () => {
  const message = 'onRefusal: must be a function'
  for (const { guardController } of [fetchGuards, httpGuards]) assert.throws(() => guardController(controller, { onRefusal: 5 }), { message })
})

test('an onRefusal of null is none', async (t) => {
  const warned = t.mock.method(process, 'emitWarning', () => {})
  for (const onRefusal of [null, undefined]) {
    assert.equal(fetchGuards.guardController(controller, { onRefusal })(new Request('http://a/a')).status, 401)
    assert.equal((await run(httpGuards.guardController(controller, { onRefusal }).middleware, message('/a'))).status, 401)
  }
  assert.equal(warned.mock.callCount(), 0)
})

test('it is told which refusal it is', () => {
  const signed = new v1.FileUrlKey(V1_TOKEN).url('http://a', { path: '/a', expires: 100 })
  const twice = [['x-access-token', 'a'], ['x-access-token', 'b']]
  for (const [url, headers, ...expected] of [
    ['/a', [], 'route', 'MISSING', 401],
    ['/a', [['x-access-token', 'wrong']], 'route', 'INVALID', 401],
    ['/a', twice, 'route', 'MALFORMED', 400],
    ['/files', [['x-access-token', 'wrong']], 'file_token', 'INVALID', 401],
    ['/files', [], 'file_signature', 'MISSING', 401],
    ['/files?path=%zz', [], 'file_signature', 'MALFORMED', 400],
    ['/files?signature=v1_x&path=a', [], 'file_signature', 'INVALID', 401],
    [signed.slice('http://a'.length), [], 'file_signature', 'EXPIRED', 401],
  ]) {
    const { told, onRefusal } = counter()
    fetchGuards.guardController(controller, { onRefusal })(new Request(`http://a${url}`, { headers }))
    assert.deepEqual(told.map(([, refusal]) => shown(refusal)), [[expected[0], `ERR_SANDGATE_${expected[1]}`, expected[2]]])
  }
})

test('it is told of what a runtime cannot read or send on', async () => {
  const { told, onRefusal } = counter()
  const unreadable = Object.defineProperty(new Request('http://a'), 'url', { get() { throw new TypeError('Invalid URL') } })
  const unsendable = Object.defineProperty(new Request(`http://${HOST}`), 'method', { value: 'a b' })
  const open = fetchGuards.guardEdge(edge, () => ({ restricted: false }), { onRefusal })
  const answers = [fetchGuards.guardController(controller, { onRefusal })(unreadable), await open(unreadable), await open(unsendable)]
  assert.deepEqual(answers.map(({ status }) => status), [400, 400, 400])
  assert.deepEqual(told.map(([request, refusal]) => [request, refusal.gate, refusal.code]), [
    [unreadable, 'route', 'ERR_SANDGATE_MALFORMED'],
    [unreadable, 'host', 'ERR_SANDGATE_MALFORMED'],
    [unsendable, 'internal_route', 'ERR_SANDGATE_MALFORMED'],
  ])
})

const MINE = new Error('mine')

test('a warning has what was thrown as its cause, whatever kind of promise it comes by', async () => {
  for (const [thrown, onRefusal] of [
    ['text', () => { throw 'text' }],
    [MINE, async () => { throw MINE }],
    [MINE, () => ({ then: (_done, failed) => failed(MINE) })],
  ]) {
    const warned = once(process, 'warning', { signal: AbortSignal.timeout(60_000) })
    fetchGuards.guardController(controller, { onRefusal })(new Request('http://a/a'))
    const [warning] = await warned
    assert.equal(warning.cause, thrown)
  }
})

test('where a process cannot warn, the console does', (t) => {
  const { emitWarning } = process
  t.after(() => (process.emitWarning = emitWarning))
  process.emitWarning = undefined
  const said = t.mock.method(console, 'error', () => {})
  const onRefusal = () => { throw new Error('the log is full') }
  assert.equal(fetchGuards.guardController(controller, { onRefusal })(new Request('http://a/a')).status, 401)
  assert.deepEqual(said.mock.calls.map(({ arguments: [{ name, message }] }) => [name, message]), [['SandgateWarning', 'onRefusal failed: the log is full']])
  // And where that fails too, nobody is told.
  said.mock.mockImplementation(() => { throw new Error('closed') })
  assert.equal(fetchGuards.guardController(controller, { onRefusal })(new Request('http://a/a')).status, 401)
})

test('the headers that decide are public, and cannot be changed', () => {
  assert.deepEqual(DECIDING_HEADERS, ['x-access-token', 'e2b-traffic-access-token', 'e2b-sandbox-id', 'novita-sandbox-id', 'e2b-sandbox-port', 'novita-sandbox-port', 'host', ':authority', 'cookie', 'origin', 'access-control-request-method', 'upgrade', 'content-length', 'transfer-encoding'])
  assert(Object.isFrozen(DECIDING_HEADERS))
})

test('the answer for an unknown sandbox cannot be changed', () => {
  assert(Object.isFrozen(unknownSandbox(ID)))
})
