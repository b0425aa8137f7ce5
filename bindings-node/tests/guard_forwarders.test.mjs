// The request that arrives after an edge is the one that its guard screened, with every forwarder.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { test } from 'node:test'
import { serve as serveHono } from '@hono/node-server'
import express from 'express'
import httpProxy from 'http-proxy'
import { Route } from 'sandgate'
import * as fetchGuards from 'sandgate/fetch'
import { guardEdge } from 'sandgate/http'
import { ID, TRAFFIC } from './calls.mjs'
import { edge, lookup, PUBLIC_ID } from './http_apps.mjs'
import { at, serve } from './http_client.mjs'

/** Records each request as it arrives, byte by byte. */
async function upstream() {
  const arrived = []
  const server = net.createServer((socket) => {
    let all = ''
    socket.setEncoding('latin1')
    socket.on('error', () => {})
    socket.on('data', (data) => {
      all += data
      if (!all.includes('\r\n\r\n')) return
      arrived.push(all)
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nupstream')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { arrived, port: server.address().port, close: () => server.close() }
}

/** By `http.request`, with the target and the headers of the request. */
const byRequest = (port) => (req, res) => {
  const onward = http.request({ port, host: '127.0.0.1', method: req.method, path: req.url, headers: req.headers, agent: false }, (answer) => {
    res.writeHead(answer.statusCode)
    answer.pipe(res)
  })
  onward.on('error', () => res.destroy())
  req.pipe(onward)
}

/** By `fetch`, with the target appended to the base: `new URL(target, base)` reads `//host/` as another host. */
const byFetch = (port) => async (req, res) => {
  const { host, connection, 'content-length': _, ...headers } = req.headers
  const answer = await fetch(`http://127.0.0.1:${port}${req.url}`, { method: req.method, headers: { ...headers, 'x-host': host }, redirect: 'manual' })
  res.end(await answer.text())
}

const byProxy = (port) => {
  const proxy = httpProxy.createProxyServer({ target: { host: '127.0.0.1', port } })
  return (req, res) => proxy.web(req, res, () => res.destroy())
}

const FORWARDERS = { 'http.request': byRequest, fetch: byFetch, 'http-proxy': byProxy }
const guard = guardEdge(edge(), lookup)

const EDGES = Object.fromEntries(
  Object.entries(FORWARDERS).flatMap(([name, forwarder]) => [
    [`node:http, ${name}`, (port) => serve(http.createServer(guard.listener(forwarder(port))))],
    [`express, ${name}`, (port) => serve(http.createServer(express().use(guard.middleware).use(forwarder(port))))],
  ]),
)

EDGES['hono, fetch'] = async (port) => {
  const fetchGuard = fetchGuards.guardEdge(edge(), lookup)
  const answer = async (request) => {
    const checked = await fetchGuard(request)
    if (checked instanceof Response) return checked
    const url = new URL(checked.request.url)
    url.host = `127.0.0.1:${port}`
    return fetch(new Request(url, checked.request))
  }
  const server = serveHono({ fetch: answer, port: 0, hostname: '127.0.0.1' })
  if (!server.listening) await once(server, 'listening')
  return at(server.address().port, () => server.close())
}

const TARGETS = [
  '/init', '/init#x', '/init#', '/#/init', '/init?#', '/a\\..\\init', '\\init', '/\\init', '//init', '//host/init', '///init', '/a//init',
  '/%252e%252e/init', '/%2569nit', '/%69nit', '/%2e/init', '/a/%2e%2e/init', '/a%2f..%2finit', '/a/../init', '/./init', '/init/.', '/init%00',
  '/init%3f', '/init%23', '/a%5c..%5cinit', '/in\tit', '/in\x01it', '/init\x7f', 'http://x/init', `http://49983-${ID}.sandbox.test/init`, '*', '@x/init',
  '/init;a', '/INIT', '/a', '/files?path=/a%20b&x=\'"<>', '/é', '/%zz', '/a?b#c', '/a?\\', '/a?//',
]

for (const [name, start] of Object.entries(EDGES)) {
  test(`${name}: the request that arrives is the screened one`, async (t) => {
    const { arrived, port, close } = await upstream()
    const server = await start(port)
    t.after(() => Promise.all([server.close(), close()]))
    let passed = 0
    for (const target of TARGETS) {
      for (const host of [`49983-${ID}.sandbox.test`, `8080-${PUBLIC_ID}.sandbox.test`]) {
        arrived.length = 0
        const answer = await server.raw(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, 500)
        const what = `${target} ${host} ${JSON.stringify(arrived)} ${answer}`
        if (arrived.length === 0) {
          assert.match(answer, /^HTTP\/1\.1 40[04] /, what)
          continue
        }
        assert.match(answer, /^HTTP\/1\.1 200 .*upstream/s, what)
        passed += 1
        const sent = arrived[0].split(' ')[1]
        // Unchanged, or as the URL standard writes it. http-proxy also merges slashes, which are refused on the controller's port.
        const written = [target, new URL(`http://a${target}`).href.slice('http://a'.length)]
        assert(written.includes(sent) || (host.startsWith('8080') && name.endsWith('http-proxy') && sent === target.replace(/^\/+/, '/').replace('a//', 'a/')), what)
        edge().screen(new Route(ID, Number(host.split('-')[0])), { method: 'GET', target: sent })
        if (host.startsWith('49983')) assert.doesNotMatch(new URL(decodeURI(sent.replace('%zz', '')), 'http://a').pathname, /^\/+init\/?$/, what)
      }
    }
    assert(passed >= 12, String(passed))
  })

  test(`${name}: no credential arrives`, async (t) => {
    const { arrived, port, close } = await upstream()
    const server = await start(port)
    t.after(() => Promise.all([server.close(), close()]))
    const [pass, label] = [TRAFFIC.issuePass(8080, { expiresIn: 60 }), TRAFFIC.issueSignedHost(ID, 8080, { expiresIn: 60 })]
    const host = `${label}.sandbox.test`
    const repeated = `X-Forwarded-Host: ${host}\r\nForwarded: host=${host}\r\nX-Original-URI: /?sandgate_traffic=${pass}\r\nReferer: http://${host}/?sandgate_traffic=${pass}\r\nOrigin: http://${host}\r\n`
    const cookie = `Cookie: a=1; __Host-sandgate-traffic=${pass}\r\nE2b-Traffic-Access-Token: ${pass}\r\n`
    const answer = await server.raw(`GET /p?a=1&sandgate_traffic=${pass} HTTP/1.1\r\nHost: ${host}\r\n${repeated}${cookie}Connection: close\r\n\r\n`, 2000)
    assert.match(answer, /upstream/)
    assert(!arrived[0].includes(label) && !arrived[0].includes(pass) && !/sandgate_traffic|traffic-access/i.test(arrived[0]), arrived[0])
    assert(arrived[0].startsWith('GET /p?a=1 HTTP/1.1') && arrived[0].includes(`host=8080-${ID}.sandbox.test`), arrived[0])
  })
}
