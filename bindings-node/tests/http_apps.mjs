// Small apps with the guards: files kept in memory, and an echo of what the app sees.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import { serve as serveHono } from '@hono/node-server'
import express from 'express'
import express4 from 'express4'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { Controller, Edge, Policy } from 'sandgate'
import * as guards from 'sandgate/http'
import * as fetchGuards from 'sandgate/fetch'
import { ID, V1_RING, V1_TOKEN, V2_RING, V2_TOKEN } from './calls.mjs'
import { at, serve } from './http_client.mjs'

/** A public sandbox, beside the restricted one of `ID`. */
export const PUBLIC_ID = 'public0'
const STATES = { [ID]: { restricted: true }, [PUBLIC_ID]: { restricted: false } }
export const LOOKED_UP = []

export const controller = (version) => new Controller({ v1: V1_TOKEN, v2: V2_TOKEN }[version])
export const edge = () =>
  new Edge({ policy: new Policy({ carriers: ['header', 'host', 'query', 'cookie'] }), v1Keyring: V1_RING, v2Keyring: V2_RING.traffic() })

export function lookup({ sandboxId }) {
  LOOKED_UP.push(sandboxId)
  return STATES[sandboxId]
}

/** A controller's app: the files, and an echo. It counts the requests that reach it. */
function files() {
  const kept = new Map()
  let calls = 0
  return (method, target, type, allowed, body) => {
    calls += 1
    const path = target.split('?')[0]
    const { grant } = allowed ?? {}
    const granted = grant && { 'x-granted': JSON.stringify({ basis: allowed.basis, ...grant }).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`) }
    if (path === '/health') return [204, {}, '']
    if (grant?.operation === 'read') {
      const content = kept.get(grant.path)
      if (content !== undefined) return [200, granted, content]
      return [404, granted, JSON.stringify({ code: 404, message: `path '${grant.path}' does not exist` })]
    }
    if (grant?.operation === 'write') {
      const parts = type.startsWith('multipart/form-data') ? multipart(body) : [[undefined, body]]
      const written = parts.map(([name, content]) => {
        const at = grant.path || name
        kept.set(at, content)
        return { name: at.split('/').at(-1), path: at, type: 'file' }
      })
      return [200, { ...granted, 'content-type': 'application/json' }, JSON.stringify(written)]
    }
    const sha256 = createHash('sha256').update(body).digest('hex')
    return [200, {}, JSON.stringify({ basis: allowed?.basis ?? null, target, length: body.length, sha256, calls })]
  }
}

function multipart(body) {
  const text = body.toString('latin1')
  const boundary = text.slice(0, text.indexOf('\r\n'))
  return text.split(boundary).slice(1, -1).map((part) => {
    const [head, ...content] = part.slice(2, -2).split('\r\n\r\n')
    return [Buffer.from(/filename="(.*?)"/.exec(head)[1], 'latin1').toString(), Buffer.from(content.join('\r\n\r\n'), 'latin1')]
  })
}

async function whole(stream) {
  const parts = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

/** The request that an edge's app sees, in every view. */
function seen(req, more) {
  return {
    all: [req.headers, req.headersDistinct, req.rawHeaders, req.url, req.originalUrl, more],
    host: req.headersDistinct?.host,
    target: req.url,
    cookies: req.headersDistinct?.cookie ?? [],
    route: String(req.sandgateRoute),
    passed: req.sandgatePassed.basis,
    carrier: req.sandgatePassed.carrier,
  }
}

/** A controller's app and an edge's on Node's server: by `listener`, or by a framework's request function. */
function nodeApp(guard, answer) {
  return http.createServer(guard.listener(answer))
}

async function answerFile(app, req, res, allowed = req.sandgate) {
  const [status, headers, body] = app(req.method, req.originalUrl ?? req.url, req.headers['content-type'] ?? '', allowed, await whole(req))
  res.writeHead(status, headers)
  res.end(req.method === 'HEAD' ? undefined : body)
}

async function answerSeen(req, res) {
  const all = seen(req, req.query)
  res.setHeader('content-type', 'application/json')
  res.end(JSON.stringify({ ...all, body: String(await whole(req)) }))
}

function expressApp(framework, guard, answer) {
  const app = framework()
  app.use(guard.middleware)
  app.use((req, res, next) => answer(req, res).catch(next))
  return serve(http.createServer(app))
}

async function fastifyApp(guard, answer) {
  const app = Fastify({ exposeHeadRoutes: false })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.addHook('onRequest', guard.hook)
  app.all('*', async (request, reply) => {
    reply.hijack()
    await answer(Object.defineProperty(request.raw, 'query', { value: request.query }), reply.raw)
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return at(app.server.address().port, () => app.close())
}

async function honoApp(answer) {
  const app = new Hono()
  answer(app)
  const server = serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  if (!server.listening) await once(server, 'listening')
  return at(server.address().port, () => {
    server.closeAllConnections()
    return new Promise((closed) => server.close(closed))
  })
}

function honoController(version) {
  const guard = fetchGuards.guardController(controller(version))
  const answer = files()
  return honoApp((app) => {
    app.use(async (c, next) => {
      const checked = guard(c.req.raw)
      if (checked instanceof Response) return checked
      c.set('sandgate', checked)
      return next()
    })
    app.all('*', async (c) => {
      const { pathname, search } = new URL(c.req.url)
      const body = Buffer.from(await c.req.arrayBuffer())
      const [status, headers, content] = answer(c.req.method, pathname + search, c.req.header('content-type') ?? '', c.get('sandgate'), body)
      return new Response(status === 204 || c.req.method === 'HEAD' ? null : content, { status, headers })
    })
  })
}

function honoEdge(find) {
  const guard = fetchGuards.guardEdge(edge(), find)
  return honoApp((app) => {
    app.all('*', async (c) => {
      const checked = await guard(c.req.raw)
      if (checked instanceof Response) return checked
      const { request, route, passed } = checked
      const { host, pathname, search } = new URL(request.url)
      return c.json({
        all: [request.url, [...request.headers]],
        host: [request.headers.get('host')],
        same: request.headers.get('host') === host,
        target: pathname + search,
        cookies: request.headers.has('cookie') ? [request.headers.get('cookie')] : [],
        route: String(route),
        passed: passed.basis,
        carrier: passed.carrier,
        body: await request.text(),
      })
    })
  })
}

const fileApp = (start) => (version) => {
  const app = files()
  return start(guards.guardController(controller(version)), (req, res) => answerFile(app, req, res))
}

export const CONTROLLERS = {
  'node:http': fileApp((guard, answer) => serve(nodeApp(guard, answer))),
  'express 5': fileApp((guard, answer) => expressApp(express, guard, answer)),
  'express 4': fileApp((guard, answer) => expressApp(express4, guard, answer)),
  fastify: fileApp(fastifyApp),
  hono: honoController,
}

const edgeApp = (start) => (find) => start(guards.guardEdge(edge(), find), answerSeen)

export const EDGES = {
  'node:http': edgeApp((guard, answer) => serve(nodeApp(guard, answer))),
  'express 5': edgeApp((guard, answer) => expressApp(express, guard, answer)),
  'express 4': edgeApp((guard, answer) => expressApp(express4, guard, answer)),
  fastify: edgeApp(fastifyApp),
  hono: honoEdge,
}
