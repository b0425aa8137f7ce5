// What TypeScript accepts for the guards and what it rejects. This file is compiled, never run.
import http from 'node:http'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { type Allowed, Controller, Edge, FORWARD_HEADERS, forwardHeader, forwardTarget, type GuardRequest, type Passed, type Route } from 'sandgate'
import * as fetchGuards from 'sandgate/fetch'
import { type Current, type Guard, guardController, guardEdge, type Guarded, type Lookup } from 'sandgate/http'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const is = <T extends true>(): T => true as T

const controller = new Controller('x')
const guard: Guard = guardController(controller, { clock: () => new Date(), context: (req) => req.socket.remoteAddress })
// @ts-expect-error no such option
guardController(controller, { clok: () => 5 })
// @ts-expect-error a promise is not a time
guardController(controller, { clock: async () => 5 })
// @ts-expect-error a token is not a controller
guardController('x')

const states = new Map([['abc', { restricted: true, generation: 3 }]])
const lookup: Lookup = async (route) => states.get(route.sandboxId)
const edge = guardEdge(new Edge(), (route) => states.get(route.sandboxId))
guardEdge(new Edge(), lookup)
// @ts-expect-error a look-up is required
guardEdge(new Edge())
// @ts-expect-error whether it is restricted must be stated
guardEdge(new Edge(), () => ({}))

const server = http.createServer(guard.listener((req, res) => res.end(req.sandgate?.grant?.path)))
server.on('checkContinue', edge.listener((req, res) => res.end(String(req.sandgateRoute)), (error: Error) => void error))
server.on('upgrade', edge.upgrade((req, socket, head) => socket.end(head.length + String(req.sandgatePassed?.expires))))

const fastify = Fastify()
fastify.addHook('onRequest', guard.hook)
fastify.get('/', (request) => (request.raw as Guarded).sandgate?.basis)

// Behind an edge both are there.
edge.listener((req, res) => res.end(`${req.sandgateRoute.port} ${req.sandgatePassed.expires ?? ''}`))
edge.upgrade((req, socket) => socket.end(req.sandgateRoute.sandboxId))
const either: Guard = edge
either.listener((req) => {
  is<Same<typeof req.sandgateRoute, Route | undefined>>()
})
const controllers = guard.listener((req) => {
  // @ts-expect-error a controller finds no route
  req.sandgateRoute.port
  // @ts-expect-error a preflight has none
  req.sandgate.basis
})
void controllers

// A preflight has no `sandgate`, and most routes have no grant: TypeScript reports a missing check.
fastify.get('/files', (request) => {
  const { sandgate } = request.raw as Guarded
  // @ts-expect-error a preflight has none
  sandgate.grant
  // @ts-expect-error most routes have none
  sandgate?.grant.path
  return sandgate?.grant?.path
})

// The calls of the guards, for other frameworks.
const headers = new Map([['Host', 'a']])
const asked: GuardRequest = { method: 'GET', target: '/', headers, beside: { method: new Uint8Array(), target: '/', headers: new Headers() }, now: 5 }
const why: Allowed | undefined = controller.guard({ ...asked, joined: true, hasBody: false, context: 'c' })
const where: Route = new Edge().route(asked)
const pass: Passed = new Edge().guard(where, { restricted: true }, asked)
const [line, target, names]: [string | undefined, string, readonly string[]] = [forwardHeader('a', 'b'), forwardTarget('/'), FORWARD_HEADERS]
void [why, pass, line, target, names]
// @ts-expect-error a plain object is not a list of lines
controller.guard({ method: 'GET', target: '/', headers: { host: 'a' } })
// @ts-expect-error there are no lines
controller.guard({ method: 'GET', target: '/' })
// @ts-expect-error the list is core's
FORWARD_HEADERS.push('x')

// As the types of Express extend it.
const { sandgate, sandgateRoute, sandgatePassed } = {} as Express.Request
is<Same<typeof sandgate, Allowed | undefined>>()
is<Same<typeof sandgateRoute, Route | undefined>>()
is<Same<typeof sandgatePassed, Passed | undefined>>()

const check = fetchGuards.guardController(controller, { context: (request) => request.headers.get('x') })
const forward = fetchGuards.guardEdge(new Edge(), lookup)
const hono = new Hono()
hono.use(async (c, next) => {
  const checked = check(c.req.raw)
  if (checked instanceof Response) return checked
  is<Same<typeof checked, Allowed | undefined>>()
  const passed = await forward(c.req.raw)
  if (passed instanceof Response) return passed
  const onward: [Request, number, number | undefined] = [passed.request, passed.route.port, passed.passed.expires]
  void onward
  return next()
})

// Controllers and edges that are replaced while the app runs.
let current = controller
guardController(() => current)
fetchGuards.guardController(() => current, { clock: () => 5 })
guardEdge(() => new Edge(), lookup)
fetchGuards.guardEdge(() => new Edge(), lookup)
const provider: Current<Controller> = () => (current = new Controller('y'))
void provider
// @ts-expect-error a promise is not a controller
guardController(async () => current)
// @ts-expect-error an edge is not a controller
guardController(() => new Edge())
// @ts-expect-error a controller is not an edge
fetchGuards.guardEdge(() => current, lookup)
