// The application's handler of `POST /init`, behind a guard, over HTTP.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import http from 'node:http'
import { after, test } from 'node:test'
import { serve as serveHono } from '@hono/node-server'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { once } from 'node:events'
import { Controller, SandgateError } from 'sandgate'
import { guardController as fetchController } from 'sandgate/fetch'
import { guardController } from 'sandgate/http'
import { at, serve } from './http_client.mjs'

const LIMIT = 65_536
const hash = (token) => createHash('sha512').update(token).digest('hex')

/** What the host publishes. */
let published = ''

/** Status and body of the answer. */
function initialized(controller, body) {
  try {
    controller.initialize(body, published)
    return [204, null]
  } catch (error) {
    if (!(error instanceof SandgateError)) throw error
    return [error.status, error.body]
  }
}

const APPS = {
  express: (controller) => {
    // In this environment Express prints no errors.
    const app = express().set('env', 'test')
    app.use(guardController(controller).middleware)
    app.post('/init', express.raw({ type: () => true, limit: LIMIT }), (req, res) => {
      const [status, body] = initialized(controller, req.body ?? '')
      res.status(status).type('json').send(body ?? undefined)
    })
    app.use((req, res) => res.end('app'))
    return serve(http.createServer(app))
  },
  fastify: async (controller) => {
    const app = Fastify({ bodyLimit: LIMIT })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    app.addHook('onRequest', guardController(controller).hook)
    app.post('/init', (request, reply) => {
      const [status, body] = initialized(controller, request.body ?? '')
      return reply.code(status).type('application/json').send(body ?? undefined)
    })
    app.get('/metrics', () => 'app')
    app.get('/health', () => 'app')
    await app.listen({ port: 0, host: '127.0.0.1' })
    return at(app.server.address().port, () => app.close())
  },
  hono: async (controller) => {
    const app = new Hono()
    const guard = fetchController(controller)
    app.use(async (c, next) => {
      const checked = guard(c.req.raw)
      return checked instanceof Response ? checked : next()
    })
    app.post('/init', bodyLimit({ maxSize: LIMIT }), async (c) => {
      const [status, body] = initialized(controller, new Uint8Array(await c.req.arrayBuffer()))
      return new Response(body, { status, headers: { 'content-type': 'application/json' } })
    })
    app.all('*', (c) => c.text('app'))
    const server = serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
    if (!server.listening) await once(server, 'listening')
    return at(server.address().port, () => {
      server.closeAllConnections()
      return new Promise((closed) => server.close(closed))
    })
  },
}

for (const [framework, start] of Object.entries(APPS)) {
  test(`${framework}: a controller gets its token over HTTP, and another one`, async () => {
    const controller = Controller.waiting()
    const server = await start(controller)
    after(server.close)
    const init = (body) => server.ask('POST', '/init', [['Content-Type', 'application/json']], body)
    const metrics = async (token) => (await server.ask('GET', '/metrics', [['X-Access-Token', token]])).status
    published = ''

    assert.equal(await metrics('a'), 401)
    assert.equal((await server.ask('GET', '/health')).text, 'app')
    const large = await init(`{"accessToken":"a","pad":"${'x'.repeat(LIMIT)}"}`)
    assert.deepEqual([large.status, controller.isWaiting], [413, true])
    const wrong = await init('{"accessToken":"a","accessToken":"b"}')
    assert.deepEqual([wrong.status, wrong.json, controller.isWaiting], [400, { code: 400, message: 'malformed request' }, true])

    assert.equal((await init('{"accessToken":"a"}')).status, 204)
    assert.deepEqual([await metrics('a'), await metrics('b')], [200, 401])
    const refused = await init('{"accessToken":"b"}')
    assert.deepEqual([refused.status, refused.json], [401, { code: 401, message: 'access token validation failed' }])
    published = hash('b')
    assert.equal((await init('{"accessToken":"b"}')).status, 204)
    assert.deepEqual([await metrics('a'), await metrics('b')], [401, 200])
    const none = await init('{}')
    assert.deepEqual([none.status, none.json?.message], [401, 'access token reset not authorized'])
    published = hash('')
    // A body that was lost on the way does not open the controller.
    for (const lost of [await init(''), await server.ask('POST', '/init')]) assert.deepEqual([lost.status, controller.isOpen], [400, false])
    assert.equal((await init('{}')).status, 204)
    assert.deepEqual([await metrics('a'), controller.isOpen], [200, true])
  })

  test(`${framework}: other methods of the route need the token`, async () => {
    const server = await start(Controller.waiting())
    after(server.close)
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
      assert.equal((await server.ask(method, '/init', [['Origin', 'https://a.test'], ['Access-Control-Request-Method', 'POST']])).status, 401, method)
    }
  })
}
