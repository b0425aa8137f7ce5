// The guards of `sandgate/fetch` with plain `Request` objects.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Controller, Edge, Policy } from 'sandgate'
import { guardController, guardEdge } from 'sandgate/fetch'
import { END, ID, TRAFFIC, V1_KEY, V1_TOKEN, V2_KEY, V2_RING, V2_TOKEN } from './calls.mjs'
import { canMake, DROPS, requestWith } from './fetch_request.mjs'

const BASE = `http://8080-${ID}.sandbox.test`
const HEADER = 'e2b-traffic-access-token'
const TOKEN = V2_RING.trafficToken(ID)
const guard = guardController(new Controller(V1_TOKEN))
const policy = new Policy({ carriers: ['header', 'host', 'query', 'cookie'] })
const edge = new Edge({ v2Keyring: V2_RING.traffic(), policy })
const edgeGuard = guardEdge(edge, () => ({ restricted: true }))
const open = guardEdge(edge, async () => ({ restricted: false }))

/** A request with a URL that the runtime has not normalised. */
const unnormalised = (url, init) => Object.defineProperty(requestWith('http://a', init), 'url', { value: url })

async function isRefused(answer, status, message) {
  assert(answer instanceof Response)
  const text = await answer.text()
  assert.deepEqual([answer.status, answer.headers.get('content-type')], [status, 'application/json'])
  assert.equal(answer.headers.get('content-length'), String(Buffer.byteLength(text)))
  assert.equal(JSON.parse(text).message, message)
}

test('a controller grants or refuses', async () => {
  const url = V1_KEY.url('http://a', { path: '/ö b', user: 'u', expiresIn: 60 })
  const { basis, grant } = guard(new Request(url))
  assert.deepEqual([basis, grant.path, grant.user], ['signature', '/ö b', 'u'])
  await isRefused(guard(new Request(url.replace('read', 'x').replace('%C3', '%C4'))), 401, 'invalid signature')
  const head = guard(new Request('http://a/metrics', { method: 'HEAD' }))
  assert.deepEqual([head.status, head.body], [401, null])
  assert(Number(head.headers.get('content-length')) > 0)
  assert.equal(guard(new Request('http://a/health')).basis, 'exempt')
})

test('a WebSocket needs the token on every path', () => {
  const signed = V1_KEY.url('http://a', { path: '/a', expiresIn: 60 })
  for (const url of ['http://a/health', signed, 'http://a/metrics']) {
    for (const upgrade of ['websocket', 'WebSocket', 'h2c, websocket']) {
      assert.equal(guard(requestWith(url, { headers: { upgrade } })).status, 401, url)
      const allowed = guard(requestWith(url, { headers: { upgrade, 'x-access-token': V1_TOKEN } }))
      assert.deepEqual([allowed.basis, allowed.grant], ['token', undefined])
    }
    // A server ignores upgrades that it does not support, and treats the request like any other.
    assert.equal(guard(requestWith(url, { headers: { upgrade: 'h2c' } })).status, url.endsWith('/metrics') ? 401 : undefined)
  }
})

test('a preflight reaches the app unchecked', () => {
  const headers = { origin: 'https://a.test', 'access-control-request-method': 'PUT' }
  assert.equal(guard(requestWith('http://a/metrics', { method: 'OPTIONS', headers })), undefined)
  assert.equal(guard(requestWith('http://a/metrics', { method: 'OPTIONS', headers: { origin: 'x' } })).status, 401)
})

test('a preflight with a body is refused', () => {
  const headers = { origin: 'https://a.test', 'access-control-request-method': 'PUT' }
  const ask = (more, body) => guard(requestWith('http://a/metrics', { method: 'OPTIONS', headers: { ...headers, ...more }, body }))
  assert.equal(ask({ 'content-length': '2' }).status, 401)
  assert.equal(ask({ 'transfer-encoding': 'chunked' }).status, 401)
  assert.equal(ask({ upgrade: 'websocket' }).status, 401)
  // Deno has a body for every request that it serves, so the body is no evidence.
  if (!('Deno' in globalThis)) assert.equal(ask({}, new Uint8Array([1])).status, 401)
})

test('a request that cannot be read or forwarded is refused with 400', async () => {
  const base = `http://8080-${ID}.sandbox.test`
  for (const host of ['xn--8080-abc.sandbox.test', '8080-\xe9.test', '%zz', '[', 'a:b', 'a b', '1.2.3.4.5']) {
    for (const request of [requestWith(base, { headers: { host } }), unnormalised(`http://${host}/`, { headers: { host } }), unnormalised(`http://${host}/`)]) {
      assert.equal((await open(request)).status, 400, host)
      assert.equal(guard(request).status, 401, host)
    }
  }
  for (const url of ['', 'x', '/', 'http://', 'foo:bar']) assert.equal((await open(unnormalised(url))).status, 400, url)
  for (const method of ['TRACE', 'TRACK', 'CONNECT', 'trace', 'Connect']) {
    const request = Object.defineProperty(new Request(base), 'method', { value: method })
    // In lower case it is none of these methods, and Bun makes a `Request` with it.
    if (method === method.toUpperCase() || !canMake(method)) assert.equal((await open(request)).status, 400, method)
    assert.equal(guard(request).status, 401, method)
  }
  const unreadable = Object.defineProperty(new Request(base), 'url', { get: () => { throw new TypeError('Invalid URL') } })
  await isRefused(await open(unreadable), 400, 'invalid host or routing headers')
  await isRefused(guard(unreadable), 400, 'malformed request')
})

test('a body that the app has consumed is an error of the app', async () => {
  const request = new Request(BASE, { method: 'POST', body: 'x' })
  await request.text()
  await assert.rejects(open(request), TypeError)
})

test('a comma counts as two values', async () => {
  for (const token of [`${V1_TOKEN}, ${V1_TOKEN}`, `${V1_TOKEN},`, `,${V1_TOKEN}`]) {
    await isRefused(guard(new Request('http://a/metrics', { headers: { 'x-access-token': token } })), 400, 'malformed request')
  }
  const headers = new Headers([['x-access-token', V1_TOKEN], ['X-Access-Token', '']])
  await isRefused(guard(new Request('http://a/metrics', { headers })), 400, 'malformed request')
})

test('a URL that is not normalised matches no route', () => {
  for (const [path, expected] of [['/health', 'exempt'], ['/x/../health', 401], ['/./health', 401], ['/health#x', 401], ['\\health', 401], ['/x\\..\\health', 401]]) {
    const checked = guard(unnormalised(`http://a${path}`))
    assert.equal(checked.basis ?? checked.status, expected, path)
  }
  assert.equal(guard(unnormalised('http://a/x/../health', { headers: { 'x-access-token': V1_TOKEN } })).basis, 'token')
})

test('clock and context are called', () => {
  const url = V2_KEY.url('http://a', { path: '/a', expires: END, context: 'c' })
  for (const [now, client, expected] of [[END, 'c', 'signature'], [END + 1, 'c', 401], [END, 'd', 401]]) {
    const asking = guardController(new Controller(V2_TOKEN), { clock: () => now, context: (request) => request.headers.get('client') })
    const checked = asking(new Request(url, { headers: { client } }))
    assert.equal(checked.basis ?? checked.status, expected)
  }
})

test('no request is allowed after an error', async () => {
  const failing = () => {
    throw new Error('down')
  }
  assert.throws(() => guardController(new Controller(V1_TOKEN), { clock: failing })(new Request('http://a/health')), /down/)
  for (const lookup of [failing, () => Promise.reject(new Error('down'))]) {
    await assert.rejects(guardEdge(edge, lookup)(new Request(BASE, { headers: { [HEADER]: TOKEN } })), /down/)
  }
  for (const make of [() => guardController(edge), () => guardEdge(edge), () => guardController(new Controller(V1_TOKEN), { clok: failing })]) {
    assert.throws(make, { code: 'ERR_INVALID_ARG_TYPE' })
  }
})

test('credentials are removed from the forwarded request', async () => {
  const pass = TRAFFIC.issuePass(8080, { expiresIn: 60 })
  const host = `${TRAFFIC.issueSignedHost(ID, 8080, { expiresIn: 60 })}.sandbox.test`
  const headers = { host, [HEADER]: TOKEN, cookie: `a=1; __Host-sandgate-traffic=${pass}`, 'x-kept': 'y', 'content-type': 'text/plain' }
  const { request, route, passed } = await edgeGuard(requestWith(`http://${host}/%70?sandgate_traffic=${pass}&a`, { method: 'PUT', headers, body: 'body' }))
  assert.deepEqual([request.method, request.url, String(route), passed.carrier], ['PUT', `${BASE}/%70?a`, `8080-${ID}`, 'header'])
  assert.deepEqual([...request.headers.keys()].sort(), DROPS ? ['content-type', 'x-kept'] : ['content-type', 'cookie', 'host', 'x-kept'])
  // A browser writes both itself.
  if (!DROPS) assert.deepEqual([request.headers.get('host'), request.headers.get('cookie')], [new URL(BASE).host, 'a=1'])
  assert.equal(await request.text(), 'body')
})

test('a cookie after a comma is neither read nor forwarded', async () => {
  const pass = TRAFFIC.issuePass(8080, { expiresIn: 60 })
  const headers = { cookie: `a=1, __Host-sandgate-traffic=${pass}; b=2` }
  assert.equal((await edgeGuard(requestWith(BASE, { headers }))).status, 403)
  assert.equal((await open(requestWith(BASE, { headers }))).request.headers.get('cookie'), DROPS ? null : 'a=1; b=2')
})

test('the host comes from the header, or without one from the URL', async () => {
  const same = new URL(BASE).host
  assert.equal((await open(new Request(BASE))).route.port, 8080)
  assert.equal((await open(requestWith(BASE, { headers: { host: same } }))).route.port, 8080)
  assert.equal((await open(requestWith(`https://${same}/`, { headers: { host: `${same}:443` } }))).route.port, 8080)
  for (const host of [`8081-${ID}.sandbox.test`, same.toUpperCase(), `${same}:81`, `${same}, ${same}`, `x@${same}`, `${same}/`, '']) {
    await isRefused(await open(requestWith(BASE, { headers: { host } })), 400, 'invalid host or routing headers')
  }
})

test('internal routes are 404 and unknown sandboxes are 502', async () => {
  const base = `http://49983-${ID}.sandbox.test`
  for (const path of ['/init', '/a/../init', '/%69nit?x']) assert.equal((await open(new Request(base + path))).status, 404)
  assert.equal((await open(new Request(`${base}//init`))).status, 400)
  for (const path of ['/a\\..\\init', '\\init', '/init#x', '/in\tit']) assert.equal((await open(unnormalised(base + path))).status, 400, path)
  const nobody = guardEdge(edge, () => undefined)
  await isRefused(await nobody(new Request(BASE)), 502, 'The sandbox was not found')
})

test('the body is not touched', async () => {
  const body = new ReadableStream({ pull: () => assert.fail('the body is read') }, { highWaterMark: 0 })
  const request = new Request('http://a/metrics', { method: 'POST', body, duplex: 'half' })
  assert.equal(guard(request).status, 401)
  assert.equal((await edgeGuard(new Request(BASE, { method: 'POST', body: request.body, duplex: 'half' }))).status, 403)
})
