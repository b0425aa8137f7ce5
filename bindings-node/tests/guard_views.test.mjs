// Guard and app see the same request from every source: serverless adapters, injected requests, middleware that changes it, HTTP/2.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import http2 from 'node:http2'
import { test } from 'node:test'
import express from 'express'
import Fastify from 'fastify'
import inject from 'light-my-request'
import methodOverride from 'method-override'
import { Controller, forwardHeader } from 'sandgate'
import { guardController, guardEdge } from 'sandgate/http'
import serverless from 'serverless-http'
import { ID, TRAFFIC, V1_KEY, V1_RING, V1_TOKEN } from './calls.mjs'
import { edge, lookup } from './http_apps.mjs'
import { serve } from './http_client.mjs'
import { message, run } from './http_request.mjs'

const guard = guardController(new Controller(V1_TOKEN))
const WRONG = V1_RING.accessToken('another')
const HOST = `8080-${ID}.sandbox.test`
const SIGNED = V1_KEY.url('http://a', { path: '/a', expiresIn: 60 }).slice('http://a'.length)
const PREFLIGHT = { origin: 'https://a.test', 'access-control-request-method': 'PUT' }

/** The app answers with the reason why the request was allowed. */
const basis = (req, res) => res.end(req.sandgate?.basis ?? 'unchecked')

function expressApp(middleware = guard.middleware) {
  const app = express()
  app.use(middleware)
  app.use(basis)
  return app
}

/** An event of API Gateway, in both of its versions. */
const EVENTS = {
  '1.0': (method, url, headers, body = '') => ({ httpMethod: method, path: url.pathname, queryStringParameters: Object.fromEntries(url.searchParams), headers, body, requestContext: { identity: {} } }),
  '2.0': (method, url, headers, body = '') => ({ version: '2.0', rawPath: url.pathname, rawQueryString: url.search.slice(1), headers, body, requestContext: { http: { method, sourceIp: '' } } }),
}

for (const [version, event] of Object.entries(EVENTS)) {
  for (const [name, app] of Object.entries({ express: expressApp(), 'node:http': guard.listener(basis) })) {
    test(`serverless-http, ${name}, events of ${version}`, async () => {
      const handle = serverless(app)
      const ask = async (...request) => {
        const [method, target, ...rest] = request
        return handle(event(method, new URL(target, 'http://a'), ...rest), {})
      }
      for (const [method, target, headers, status, body] of [
        ['GET', '/metrics', {}, 401],
        ['GET', '/metrics', { 'X-Access-Token': V1_TOKEN }, 200, 'token'],
        ['GET', '/metrics', { 'X-Access-Token': WRONG }, 401],
        ['GET', '/metrics', { 'X-Access-Token': `${V1_TOKEN}, ${V1_TOKEN}` }, 400],
        ['GET', SIGNED, {}, 200, 'signature'],
        ['GET', SIGNED, { 'X-Access-Token': WRONG }, 401],
        ['GET', '/health', {}, 200, 'exempt'],
        ['OPTIONS', '/metrics', PREFLIGHT, 200, 'unchecked'],
      ]) {
        const answer = await ask(method, target, headers)
        assert.equal(answer.statusCode, status, `${method} ${target}`)
        if (body !== undefined) assert.equal(answer.body, body)
      }
      assert.equal((await ask('OPTIONS', '/metrics', PREFLIGHT, '{}')).statusCode, 401)
    })
  }
}

test('an event that an edge checks twice is not changed', async () => {
  const pass = TRAFFIC.issuePass(8080, { expiresIn: 60 })
  const shared = { host: HOST, 'e2b-traffic-access-token': pass, cookie: `__Host-sandgate-traffic=${pass}`, 'x-forwarded-host': HOST }
  const query = { sandgate_traffic: pass, a: '1' }
  const edgeGuard = guardEdge(edge(), lookup)
  for (const time of [1, 2]) {
    const request = Object.assign(message(`/?sandgate_traffic=${pass}`), { rawHeaders: [], query })
    request.headers = shared
    assert.equal(await run(edgeGuard.middleware, request), 'next', String(time))
    assert.deepEqual(request.headers, { host: HOST, 'x-forwarded-host': HOST })
    assert.deepEqual([request.url, request.query], ['/', { a: '1' }])
    assert.deepEqual([Object.keys(shared).length, query.sandgate_traffic], [4, pass])
  }
})

test('arrays are several lines, and a number is its digits', async () => {
  const ask = (method, headers) => {
    const request = Object.assign(message('/metrics', { method }), { rawHeaders: [] })
    request.headers = headers
    return run(guard.middleware, request)
  }
  assert.equal(await ask('GET', { 'x-access-token': [V1_TOKEN] }), 'next')
  assert.equal((await ask('GET', { 'x-access-token': [V1_TOKEN, V1_TOKEN] })).status, 400)
  assert.equal((await ask('GET', { 'x-access-token': V1_TOKEN, 'X-Access-Token': V1_TOKEN })).status, 400)
  assert.equal((await ask('GET', { 'x-access-token': undefined })).status, 401)
  assert.equal(await ask('OPTIONS', { ...PREFLIGHT, 'content-length': 0 }), 'next')
  assert.equal((await ask('OPTIONS', { ...PREFLIGHT, 'content-length': 2 })).status, 401)
})

test('a changed deciding header is refused', async () => {
  const changing = (change) => {
    const request = message('/metrics', { headers: [['X-Access-Token', V1_TOKEN], ['Accept', '*/*']] })
    change(request.headers)
    return run(guard.middleware, request)
  }
  assert.equal(await changing(() => {}), 'next')
  assert.equal(await changing((headers) => (headers.accept = 'text/plain')), 'next')
  for (const change of [
    (headers) => (headers['x-access-token'] = WRONG),
    (headers) => delete headers['x-access-token'],
    (headers) => (headers['x-access-token'] = [V1_TOKEN, WRONG]),
    (headers) => (headers.cookie = 'a=1'),
    (headers) => (headers.upgrade = 'websocket'),
  ]) {
    assert.equal((await changing(change)).status, 400, String(change))
  }
})

test('headers that Node joins are the same', async () => {
  const ask = (headers) => run(guardEdge(edge(), lookup).middleware, message('/', { headers: [['Host', '8080-public0.sandbox.test'], ...headers] }))
  assert.equal(await ask([['Cookie', 'a=1'], ['cookie', 'b=2']]), 'next')
  assert.equal((await ask([['Host', '8080-public0.sandbox.test']])).status, 400)
})

test('a changed method is refused', async (t) => {
  const app = express()
  app.use(methodOverride())
  app.use(guard.middleware)
  app.use(basis)
  const { ask, close } = await serve(http.createServer(app))
  t.after(close)
  const token = ['X-Access-Token', V1_TOKEN]
  assert.equal((await ask('POST', '/metrics', [token])).text, 'token')
  assert.equal((await ask('POST', '/metrics', [token, ['X-HTTP-Method-Override', 'POST']])).text, 'token')
  assert.equal((await ask('POST', '/metrics', [token, ['X-HTTP-Method-Override', 'DELETE']])).status, 400)
  assert.equal((await ask('POST', '/init', [['X-HTTP-Method-Override', 'DELETE']])).status, 400)
})

test('injected requests are guarded', async () => {
  const fastify = Fastify()
  fastify.addHook('onRequest', guard.hook)
  fastify.all('/*', (request) => request.raw.sandgate?.basis ?? 'unchecked')
  const askers = [(request) => fastify.inject(request), (request) => inject(guard.listener(basis), request), (request) => inject(expressApp(), request)]
  for (const ask of askers) {
    for (const [request, status, body] of [
      [{ url: '/metrics', headers: { 'X-Access-Token': V1_TOKEN, cookie: 'a=1' }, cookies: { b: '2' } }, 200, 'token'],
      [{ url: '/metrics', headers: { 'x-access-token': [V1_TOKEN, V1_TOKEN] } }, 400],
      [{ url: SIGNED }, 200, 'signature'],
      [{ url: SIGNED, headers: { 'x-access-token': WRONG } }, 401],
      [{ url: '/metrics', method: 'OPTIONS', headers: PREFLIGHT }, 200, 'unchecked'],
      [{ url: '/metrics', method: 'OPTIONS', headers: PREFLIGHT, payload: { a: 1 } }, 401],
    ]) {
      const answer = await ask(request)
      assert.equal(answer.statusCode, status, JSON.stringify(request))
      if (body !== undefined) assert.equal(answer.body, body)
    }
  }
})

test('HTTP/2 requests are guarded', async (t) => {
  const server = http2.createServer(guard.listener(basis))
  const { port, close } = await serve(server)
  const client = http2.connect(`http://127.0.0.1:${port}`)
  t.after(() => {
    client.close()
    return close()
  })
  const ask = async (headers, body) => {
    const stream = client.request({ ':path': '/metrics', ...headers }, { endStream: body === undefined })
    if (body !== undefined) stream.end(body)
    const [answer] = await once(stream, 'response')
    let text = ''
    for await (const part of stream.setEncoding('utf8')) text += part
    return [answer[':status'], text]
  }
  const preflight = { ':method': 'OPTIONS', ...PREFLIGHT }
  assert.deepEqual(await ask(preflight), [200, 'unchecked'])
  // No header announces this body.
  assert.equal((await ask(preflight, '{}'))[0], 401)
  assert.equal((await ask({ ...preflight, 'content-length': '2' }, '{}'))[0], 401)
  assert.deepEqual(await ask({ 'x-access-token': V1_TOKEN, cookie: ['a=1', 'b=2'] }), [200, 'token'])
  assert.equal((await ask({ 'x-access-token': V1_TOKEN, host: 'other' }))[0], 200)
})

test('an edge on HTTP/2 hides the signed host from every view', async (t) => {
  const views = ({ headers, rawHeaders, authority, url }) => JSON.stringify([headers, rawHeaders, authority, url])
  const server = http2.createServer(guardEdge(edge(), lookup).listener((req, res) => res.end(views(req))))
  const { port, close } = await serve(server)
  const client = http2.connect(`http://127.0.0.1:${port}`)
  t.after(() => {
    client.close()
    return close()
  })
  const label = TRAFFIC.issueSignedHost(ID, 8080, { expiresIn: 60 })
  const stream = client.request({ ':authority': `${label}.sandbox.test`, ':path': '/', referer: `https://${label}.sandbox.test/?sandgate_traffic=x`, 'x-original-uri': '/?sandgate_traffic=x' })
  let text = ''
  for await (const part of stream.setEncoding('utf8')) text += part
  assert(text.includes(HOST) && !text.includes(label) && !text.includes('sandgate_traffic'), text)
})

test('no header in which a proxy repeats the host or the target keeps a credential', async () => {
  const [label, pass] = [TRAFFIC.issueSignedHost(ID, 8080, { expiresIn: 60 }), TRAFFIC.issuePass(8080, { expiresIn: 60 })]
  const [host, url] = [`${label}.sandbox.test`, `/a?sandgate_traffic=${pass}&b`]
  const headers = [['Host', host], ['X-Forwarded-Host', `${host}, proxy.test`], ['Forwarded', `for=1;host="${host}"`], ['X-Original-URI', url], ['Referer', `https://${host}${url}`], ['Origin', `https://${host}`], ['A', 'b']]
  const request = message(url, { headers, originalUrl: url })
  void [request.headers, request.headersDistinct]
  assert.equal(await run(guardEdge(edge(), lookup).middleware, request), 'next')
  const all = JSON.stringify([request.rawHeaders, request.headers, request.headersDistinct, request.url, request.originalUrl])
  assert(!all.includes(label.slice(-34)) && !all.includes(pass) && all.includes('proxy.test'), all)
  assert.deepEqual([request.url, request.headers.a, request.headersDistinct.origin], ['/a?b', 'b', [`https://${HOST}`]])
})

test('the names of headers are ASCII: a Kelvin sign is no k', async () => {
  const name = 'x-access-to\u212aen'
  const headers = [[name, V1_TOKEN]]
  assert.throws(() => new Controller(V1_TOKEN).guard({ method: 'GET', target: '/metrics', headers }), { code: 'ERR_SANDGATE_MISSING' })
  assert.equal((await run(guard.middleware, Object.assign(message('/metrics'), { rawHeaders: headers.flat() }))).status, 401)
  const event = Object.assign(message('/metrics'), { headers: { [name]: V1_TOKEN } })
  assert.equal((await run(guard.middleware, event)).status, 401)
  assert.equal(forwardHeader('coo\u212aie', '__Host-sandgate-traffic=x'), '__Host-sandgate-traffic=x')
})
