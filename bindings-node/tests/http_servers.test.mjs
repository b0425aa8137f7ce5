// Behaviour that needs a real server: uploads that wait, upgrades, HTTP/2, mounts.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import http2 from 'node:http2'
import net from 'node:net'
import { test } from 'node:test'
import express from 'express'
import Fastify from 'fastify'
import { Controller, Edge, v1 } from 'sandgate'
import { guardController, guardEdge } from 'sandgate/http'
import { WebSocket, WebSocketServer } from 'ws'
import { ID, TRAFFIC, V1_TOKEN, V2_RING } from './calls.mjs'
import { edge as edgeOf, lookup } from './http_apps.mjs'
import { serve } from './http_client.mjs'

const HOST = `8080-${ID}.sandbox.test`
const guard = guardController(new Controller(V1_TOKEN))

async function using(t, server) {
  const served = await serve(server)
  t.after(served.close)
  return served
}

test('an upload that waits for 100 Continue is refused before it is sent', async (t) => {
  const server = http.createServer()
  server.on('checkContinue', guard.listener((req, res) => {
    res.writeContinue()
    req.resume().on('end', () => res.end('done'))
  }))
  const { raw } = await using(t, server)
  const upload = (token) => `PUT /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n${token}\r\n`
  const refused = await raw(upload(''))
  assert.match(refused, /^HTTP\/1\.1 401 /)
  assert.doesNotMatch(refused, /100 Continue/)
  assert.match(await raw(`${upload(`X-Access-Token: ${V1_TOKEN}\r\n`)}body`), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK[^]*done/)
})

test('a body that is sent after the look-up arrives whole', async (t) => {
  const edge = guardEdge(new Edge(), async () => {
    await new Promise((later) => setTimeout(later, 30))
    return { restricted: false }
  })
  const { ask } = await using(t, http.createServer(edge.listener((req, res) => req.pipe(res))))
  const body = Array.from({ length: 64 }, (_, number) => Buffer.alloc(65_536, number))
  assert((await ask('POST', '/', [['Host', HOST]], body)).body.equals(Buffer.concat(body)))
})

function withSockets(edgeGuard) {
  const sockets = new WebSocketServer({ noServer: true })
  const server = http.createServer((_req, res) => res.end())
  const accept = (req, socket, head) =>
    sockets.handleUpgrade(req, socket, head, (webSocket) => webSocket.send(JSON.stringify([req.sandgate?.basis, req.sandgatePassed?.basis, req.headers, req.rawHeaders, req.url])))
  const told = []
  server.on('upgrade', edgeGuard.upgrade(accept, (error) => told.push(error)))
  return { server, told }
}

/** Returns the message that a WebSocket receives, or the HTTP answer. */
async function connect(port, target, headers) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${target}`, { headers })
  socket.on('error', () => {})
  const [kind, value] = await Promise.race([
    once(socket, 'message').then(([data]) => ['message', String(data)]),
    once(socket, 'unexpected-response').then(([, response]) => ['response', response]),
  ])
  if (kind === 'message') {
    socket.close()
    return { seen: value }
  }
  const parts = []
  for await (const part of value) parts.push(part)
  return { status: value.statusCode, type: value.headers['content-type'], json: JSON.parse(Buffer.concat(parts)) }
}

test('a WebSocket at the controller needs the token', async (t) => {
  const { port } = await using(t, withSockets(guard).server)
  assert.match((await connect(port, '/socket', { 'X-Access-Token': V1_TOKEN })).seen, /^\["token"/)
  const { status, type, json } = await connect(port, '/socket', {})
  assert.deepEqual([status, type, json.code], [401, 'application/json', 401])
})

test('an upgrade is not a preflight', async (t) => {
  const server = http.createServer(guard.listener((req, res) => res.end('an answer')))
  server.on('upgrade', guard.upgrade((req, socket) => socket.end('a socket')))
  const { raw } = await using(t, server)
  const preflight = 'OPTIONS /secret HTTP/1.1\r\nHost: a\r\nOrigin: http://b\r\nAccess-Control-Request-Method: GET\r\n'
  assert.match(await raw(`${preflight}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`), /^HTTP\/1\.1 401 /)
  assert.match(await raw(`${preflight}Connection: close\r\n\r\n`), /^HTTP\/1\.1 200 [^]*an answer/)
})

test('an upgrade needs the token, also on a route that needs none or takes a signature', async (t) => {
  const server = http.createServer(guard.listener((req, res) => res.end('an answer')))
  server.on('upgrade', guard.upgrade((req, socket) => socket.end('a socket')))
  const { raw } = await using(t, server)
  const signed = new v1.FileUrlKey(V1_TOKEN).url('http://a', { path: '/a' }).slice('http://a'.length)
  for (const line of ['GET /health', 'POST /init', `GET ${signed}`]) {
    const head = `${line} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`
    assert.match(await raw(`${head}\r\n`), /^HTTP\/1\.1 401 /, line)
    assert.match(await raw(`${head}X-Access-Token: ${V1_TOKEN}\r\n\r\n`), /^a socket/, line)
    assert.match(await raw(`${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 200 [^]*an answer/, line)
  }
})

test('a WebSocket at the edge needs a credential', async (t) => {
  const { port } = await using(t, withSockets(guardEdge(edgeOf(), async (route) => lookup(route))).server)
  const [pass, host] = [TRAFFIC.issuePass(8080, { expiresIn: 60 }), TRAFFIC.issueSignedHost(ID, 8080, { expiresIn: 60 })]
  for (const [secret, target, headers] of [
    [pass, `/?sandgate_traffic=${pass}`, { host: HOST }],
    [pass, '/', { host: HOST, cookie: `__Host-sandgate-traffic=${pass}` }],
    [pass, '/', { host: HOST, 'e2b-traffic-access-token': pass }],
    [host, '/', { host: `${host}.sandbox.test` }],
  ]) {
    const { seen } = await connect(port, target, headers)
    assert(seen.includes(HOST) && !seen.includes(secret), seen)
  }
  const refused = await connect(port, '/', { host: HOST })
  assert.deepEqual([refused.status, refused.json.sandboxId], [403, ID])
})

test('an upgrade that cannot be decided is answered with 500', async (t) => {
  const { server, told } = withSockets(guardEdge(edgeOf(), () => Promise.reject(undefined)))
  const { raw } = await using(t, server)
  const answer = await raw(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
  assert.match(answer, /^HTTP\/1\.1 500 Internal Server Error\r\n[^]*\r\n\r\n$/)
  assert(told[0] instanceof Error)
})

test('a client may disconnect during the look-up', async (t) => {
  let found
  const waiting = guardEdge(edgeOf(), () => new Promise((resolve) => (found = resolve)))
  const server = http.createServer()
  server.on('upgrade', waiting.upgrade(() => assert.fail('the app is called')))
  const { port } = await using(t, server)
  const upgraded = once(server, 'upgrade')
  const client = net.connect(port, '127.0.0.1', () => client.write('GET / HTTP/1.1\r\nHost: 8080-public0.sandbox.test\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'))
  const [, socket] = await upgraded
  const closed = new Promise((resolve) => socket.on('close', resolve))
  socket.resume()
  client.resetAndDestroy()
  await closed
  found({ restricted: false })
  await new Promise(setImmediate)
})

test('an edge works on HTTP/2', async (t) => {
  const edge = guardEdge(edgeOf(), lookup)
  const server = http2.createServer(edge.listener((req, res) => res.end(JSON.stringify([req.headers, req.rawHeaders, req.url]))))
  const { port } = await using(t, server)
  const client = http2.connect(`http://127.0.0.1:${port}`)
  const ask = async (headers) => {
    const stream = client.request({ ':path': '/', ...headers })
    const [answer] = await once(stream, 'response')
    let text = ''
    for await (const part of stream.setEncoding('utf8')) text += part
    return [answer[':status'], text]
  }
  const host = `${TRAFFIC.issueSignedHost(ID, 8080, { expiresIn: 60 })}.sandbox.test`
  const [status, text] = await ask({ ':authority': host, ':path': '/?sandgate_traffic=x' })
  assert.equal(status, 200)
  assert(text.includes(HOST) && !text.includes(host) && !text.includes('sandgate_traffic'), text)
  assert.equal((await ask({ ':authority': HOST }))[0], 403)
  assert.equal((await ask({ ':authority': '8080-public0.sandbox.test', host: '8080-public0.sandbox.test' }))[0], 200)
  assert.equal((await ask({ ':authority': HOST, host: '8080-public0.sandbox.test' }))[0], 400)
  client.close()
})

test('a mounted Express app is guarded', async (t) => {
  const app = express()
  app.use('/below', guard.middleware, (req, res) => res.json(req.sandgate.basis))
  app.use((_req, res) => res.json('open'))
  const { ask } = await using(t, http.createServer(app))
  assert.equal((await ask('GET', '/below/health')).json, 'exempt')
  assert.equal((await ask('GET', '/BELOW/health')).json, 'exempt')
  assert.equal((await ask('GET', '/below/health/')).status, 401)
  assert.equal((await ask('GET', '/below')).status, 401)
  assert.equal((await ask('GET', '/health')).json, 'open')
})

test('a path that a framework rewrites is refused', async (t) => {
  const app = Fastify({ rewriteUrl: (req) => (req.url === '/secret' ? '/health' : req.url) })
  app.addHook('onRequest', guard.hook)
  app.get('/health', (request) => request.raw.sandgate.basis)
  t.after(() => app.close())
  assert.equal((await app.inject('/health')).body, 'exempt')
  for (const headers of [{}, { 'x-access-token': V1_TOKEN }]) assert.equal((await app.inject({ url: '/secret', headers })).statusCode, 400)
})

test('an error goes to the framework', async (t) => {
  const failing = guardEdge(new Edge({ v2Keyring: V2_RING.traffic() }), () => Promise.reject('route'))
  const app = express()
  app.use(failing.middleware)
  app.use((_req, res) => res.json('reached'))
  app.use((error, _req, res, _next) => res.status(503).json(error.message))
  const { ask } = await using(t, http.createServer(app))
  assert.equal((await ask('GET', '/', [['Host', HOST]])).status, 503)
  const fastify = Fastify()
  fastify.addHook('onRequest', failing.hook)
  fastify.get('/', () => 'reached')
  t.after(() => fastify.close())
  assert.equal((await fastify.inject({ url: '/', headers: { host: HOST } })).statusCode, 500)
})
