// The table of requests, sent as raw bytes to real servers with each guard.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import http from 'node:http'
import { test } from 'node:test'
import { deserialize, serialize } from 'node:v8'
import { serve as serveHono } from '@hono/node-server'
import express from 'express'
import express4 from 'express4'
import Fastify from 'fastify'
import * as fetchGuards from 'sandgate/fetch'
import * as guards from 'sandgate/http'
import { allowed, askAll, CONTROLLERS, EDGE, hostOf, isExpected, lookup, options, passed } from './guard_rows.mjs'
import { at, serve } from './http_client.mjs'

/** The request that an app has seen, as a header: an answer to HEAD has no body. */
const shown = (seen) => ({ 'x-seen': serialize(seen).toString('base64') })

function seenAtEdge(route, checked, target, lines) {
  const headers = {}
  for (const [name, value] of lines) (headers[name.toLowerCase()] ??= []).push(value)
  return { ...passed(route, checked, target), headers }
}

const pairs = (raw) => raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1]]] : []))

/** The properties that Node's guards set on a request. */
const seenAt = {
  controller: (req) => allowed(req.sandgate),
  edge: (req) => seenAtEdge(req.sandgateRoute, req.sandgatePassed, req.url, pairs(req.rawHeaders)),
}

const guardOf = { controller: ({ deployment }) => guards.guardController(CONTROLLERS[deployment], options), edge: () => guards.guardEdge(EDGE, lookup, options) }

const answer = (gate) => (req, res) => {
  res.writeHead(200, shown(seenAt[gate](req)))
  res.end()
}

function expressApp(framework, guard, gate) {
  const app = framework()
  app.use(guard.middleware)
  app.use(answer(gate))
  return serve(http.createServer(app))
}

async function fastifyApp(guard, gate) {
  const app = Fastify({ exposeHeadRoutes: false, routerOptions: { onBadUrl: (_path, req, res) => guard.listener(answer(gate))(req.raw ?? req, res.raw ?? res) } })
  app.addHook('onRequest', guard.hook)
  app.setNotFoundHandler((request, reply) => reply.code(200).headers(shown(seenAt[gate](request.raw))).send())
  await app.listen({ port: 0, host: '127.0.0.1' })
  return at(app.server.address().port, () => app.close())
}

async function honoApp(_guard, gate, row) {
  const guard = { controller: () => fetchGuards.guardController(CONTROLLERS[row.deployment], options), edge: () => fetchGuards.guardEdge(EDGE, lookup, options) }[gate]()
  const target = ({ url }) => url.slice(`http://${new URL(url).host}`.length)
  const seen = (checked) => (gate === 'edge' ? seenAtEdge(checked.route, checked.passed, target(checked.request), checked.request.headers) : allowed(checked))
  const fetch = async (request) => {
    const checked = await guard(request)
    return checked instanceof Response ? checked : new Response(null, { headers: shown(seen(checked)) })
  }
  const server = serveHono({ fetch, port: 0, hostname: '127.0.0.1' })
  if (!server.listening) await once(server, 'listening')
  return at(server.address().port, () => {
    server.closeAllConnections()
    return new Promise((closed) => server.close(closed))
  })
}

const SERVERS = {
  'node:http': (guard, gate) => serve(http.createServer(guard.listener(answer(gate)))),
  'express 5': (guard, gate) => expressApp(express, guard, gate),
  'express 4': (guard, gate) => expressApp(express4, guard, gate),
  fastify: fastifyApp,
  hono: honoApp,
}

function bytesOf({ method, target, headers, body }) {
  const lines = [...headers, ['Connection', 'close']].map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return `${method} ${target} HTTP/1.1\r\n${lines}\r\n${body}`
}

/** Status, our message, and the request that the app has seen. */
function read(text) {
  const [head, body] = text.split(/\r\n\r\n/)
  const seen = /^x-seen: (.*)$/im.exec(head)?.[1]
  const json = /^content-type: application\/json\r?$/im.test(head) && body ? JSON.parse(body) : undefined
  // Fastify's own 400 has a `statusCode`.
  const message = json?.statusCode === undefined ? json?.message : undefined
  return { status: Number(head.split(' ')[1]), message, seen: seen && deserialize(Buffer.from(seen, 'base64')) }
}

/** A refusal has the status and the message of the table. A 400 of the server itself is right too. */
function check({ method, expect }, { status, message, seen }) {
  if (expect.status !== undefined) {
    assert.equal(seen, undefined)
    assert.deepEqual([status, message], [expect.status, method === 'HEAD' || (status === 400 && message === undefined) ? message : expect.message])
    return
  }
  assert.equal(status, 200)
  const { headers, ...rest } = seen
  isExpected(expect, headers ? { ...rest, values: (name) => headers[name] ?? [] } : rest)
}

/** Whether the answer is right for the target as the URL standard parses it. */
function isNormalised(answer, { normalised, ...row }) {
  check({ ...row, expect: normalised.expect }, answer)
  return true
}

/** `[why, of which rows, is the answer right]`: the request that the app sees is never allowed if it should be refused. */
const OTHERWISE = {
  controller: {
    hono: [['the app sees a URL, whose dot segments are resolved', ({ normalised }) => normalised !== undefined, isNormalised]],
  },
  edge: {
    hono: [
      [
        'the app sees a URL, whose dot segments are resolved, on a port whose routes nobody hides',
        ({ expect }) => expect.passed === 'public',
        ({ seen }, { expect }) => seen.target === new URL(`http://a${expect.forwarded.target}`).pathname,
      ],
      ['a URL has a host, where the header is empty', (row) => hostOf(row) === '', ({ status, seen }) => status === 400 && seen === undefined],
      [
        'a URL does not tell whether the request line had the host of the header too',
        (row) => row.target.startsWith('http:') && new URL(row.target).host === hostOf(row),
        ({ status, seen }, { target }) => (target.endsWith('/init') ? status === 404 : seen.passed === 'public'),
      ],
    ],
  },
}

for (const [name, start] of Object.entries(SERVERS)) {
  for (const gate of ['controller', 'edge']) {
    test(`${name}: the table at the ${gate}`, async (t) => {
      const started = new Map()
      t.after(() => Promise.all([...started.values()].map(async (server) => (await server).close())))
      const serverOf = (row) => {
        if (!started.has(row.deployment)) started.set(row.deployment, start(guardOf[gate](row), gate, row))
        return started.get(row.deployment)
      }
      const ask = async (row) => read(await (await serverOf(row)).raw(bytesOf(row), 300))
      await askAll(gate, OTHERWISE[gate][name] ?? [], ask, check)
    })
  }
}
