// Receivers of webhooks that keep the raw body, over HTTP.
import assert from 'node:assert/strict'
import http from 'node:http'
import { test } from 'node:test'
import { serve as serveHono } from '@hono/node-server'
import express from 'express'
import express4 from 'express4'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { once } from 'node:events'
import { SandgateError, webhook } from 'sandgate'
import { at, serve } from './http_client.mjs'

const SECRET = 'the secret of the webhook'
const LIMIT = 100_000
const VERIFIER = new webhook.Verifier(SECRET, 'the secret before that one')
/** A body that someone extended is no UTF-8. */
const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** Status and body of the answer. */
function received(headers, body) {
  try {
    VERIFIER.verify(headers, body)
  } catch (error) {
    if (!(error instanceof SandgateError)) throw error
    return [error.status, error.body]
  }
  const event = JSON.parse(UTF8.decode(body))
  return event.type === 'sandbox.lifecycle.killed' ? [204, undefined] : [422, undefined]
}

const onExpress = (express) => () => {
  const app = express().set('env', 'test')
  // Not `express.json()`, also not before this route: the bytes would be gone.
  app.post('/events', express.raw({ type: () => true, limit: LIMIT }), (req, res) => {
    const [status, body] = received(req.headers, Buffer.isBuffer(req.body) ? req.body : new Uint8Array())
    res.status(status).type('json').send(body)
  })
  return serve(http.createServer(app))
}

const APPS = {
  express: onExpress(express),
  express4: onExpress(express4),
  fastify: async () => {
    const app = Fastify({ bodyLimit: LIMIT })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    app.post('/events', (request, reply) => {
      const [status, body] = received(request.headers, request.body ?? new Uint8Array())
      return reply.code(status).type('application/json').send(body)
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    return at(app.server.address().port, () => app.close())
  },
  hono: async () => {
    const app = new Hono()
    app.post('/events', bodyLimit({ maxSize: LIMIT }), async (c) => {
      const [status, body] = received(c.req.raw.headers, new Uint8Array(await c.req.arrayBuffer()))
      return c.body(body ?? null, status, { 'content-type': 'application/json' })
    })
    const server = serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
    await once(server, 'listening')
    return at(server.address().port, () => server.close())
  },
  'node:http in pieces': () =>
    serve(
      http.createServer(async (request, response) => {
        const answer = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(body)
        try {
          const verification = VERIFIER.start(request.headers)
          const pieces = []
          let length = 0
          for await (const piece of request) {
            length += piece.length
            if (length > LIMIT) return answer(413)
            verification.update(piece)
            pieces.push(piece)
          }
          verification.finish()
          JSON.parse(UTF8.decode(Buffer.concat(pieces)))
          return answer(204)
        } catch (error) {
          if (!(error instanceof SandgateError)) throw error
          return answer(error.status, error.body)
        }
      }),
    ),
}

const BODY = Buffer.from('{"type":"sandbox.lifecycle.killed","note":"\u00e4"}')
const signed = (body) => [['e2b-signature', webhook.sign(SECRET, body)], ['e2b-signature-version', 'v1'], ['content-type', 'application/json']]
const REFUSED = [401, '{"code":401,"message":"invalid webhook signature"}']

for (const [name, start] of Object.entries(APPS)) {
  test(`${name} verifies the body as received`, async (t) => {
    const app = await start()
    t.after(() => app.close())
    /** In two pieces on the wire. */
    const post = async (headers, body) => {
      const { status, text } = await app.ask('POST', '/events', headers, [body.subarray(0, 9), body.subarray(9)])
      return [status, text]
    }
    assert.deepEqual(await post(signed(BODY), BODY), [204, ''])
    assert.deepEqual(await post([...signed(BODY).slice(0, 2), ['content-type', 'text/plain']], BODY), [204, ''])
    assert.deepEqual(await post(signed(BODY), Buffer.from(`${BODY} `)), REFUSED)
    assert.equal((await post([...signed(BODY), signed(BODY)[0]], BODY))[0], 400)
    assert.equal((await post([], BODY))[0], 401)
    const long = Buffer.alloc(LIMIT + 1, 0x20)
    assert.equal((await post(signed(long), long))[0], 413)
  })
}
