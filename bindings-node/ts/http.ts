/**
 * The controller's and the edge's rule before an app of Node's `http`, Express, Connect, or Fastify.
 *
 * In a sandbox:
 *
 *     const guard = guardController(new Controller(accessToken))
 *     app.use(guard.middleware)                             // Express, Connect
 *     fastify.addHook('onRequest', guard.hook)              // Fastify
 *     http.createServer(guard.listener(app))                // Node's http
 *     server.on('upgrade', guard.upgrade(listener))         // WebSockets, beside any of them
 *
 * and the app acts on what was verified, `req.sandgate?.grant` (in Fastify `request.raw.sandgate?.grant`), without reading the query
 * again. A preflight has no `sandgate`, and a route that is no file route no `grant`. In front of the sandboxes `guardEdge(edge, lookup)` has the same four, before an app that forwards.
 *
 * - A refusal is answered with the status and the JSON body of the spec, and the app does not see the request. The body of a request
 *   is never read here. To refuse an upload that waits for `100 Continue` before it is sent, listen to `checkContinue` too.
 * - An error of `clock`, `context`, `lookup` or such a function goes to `next`, to Fastify, or to `onError` with a 500 as the answer.
 * - In place of the controller or the edge a function may be given, which is called once for each request and returns the one that
 *   holds then: `guardController(() => current)`. To replace it, assign a new one; a request that is under way keeps its own. Anything
 *   else that it returns is an error, as below.
 * - The request line and the header lines count as they were received (`req.rawHeaders`; `req.headers` where that is empty, as with
 *   serverless adapters). A header given twice is seen as such.
 * - The app acts on what was checked. Where `req.headers`, `req.method` or `req.url` say something else than what was received, in a
 *   header that decides, the request is refused with 400. Below a mount of Express the target is the one that the app sees there.
 *   At an edge the whole target is screened, too: the app may forward it.
 *   Connect and middie do not tell what they cut: put the guard before such a mount. Fastify's prefixes are no mounts: the hook sees
 *   the whole path. A path that it cannot decode Fastify refuses by itself, in its own words.
 * - The route is matched on the path as received: `/%68ealth` is not `/health`, and needs a token.
 * - An upgrade needs the token, whatever its path: a listener for upgrades mostly looks at none.
 * - A CORS preflight, which has no body, goes to a controller's app unchecked. CORS middleware belongs outside, as its headers are
 *   needed on a refusal too; so does middleware that reads another method out of a header or a body, and a request whose method it
 *   changes is refused. What parses cookies belongs inside.
 */
import { Buffer } from 'node:buffer'
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Allowed, Controller } from './controller.js'
import type { Edge, Passed } from './edge.js'
import { forwardTarget, TRAFFIC_PARAMETER } from './forward.js'
import { takeOutOfHeaders } from './http_forward.js'
import { asConnect, type Message as Received, seen } from './http_view.js'
import { asError, controllerRule, type Current, edgeRule, type Found, type GuardOptions, type Lookup, Refusal, reporter } from './middleware.js'
import type { Route } from './route.js'

export type { Current, GuardOptions, Lookup }

/** What a guard leaves on a request that it lets through. */
export interface Guarded {
  /** Why a controller allows it. A CORS preflight has none. */
  sandgate?: Allowed | undefined
  /** Where an edge has found it to go. */
  sandgateRoute?: Route
  /** Why an edge lets it pass. A connection that outlives its request may be cut at `expires`. */
  sandgatePassed?: Passed
}

/** The same, where the guard is an edge's: there are both. */
export interface GuardedByEdge extends Guarded {
  sandgateRoute: Route
  sandgatePassed: Passed
}

declare global {
  namespace Express {
    interface Request extends Guarded {}
  }
}

type Message = Received & Guarded

/** What holds a parsed query: Express's request, which is Node's, or Fastify's. */
interface Framework {
  query?: unknown
}

type Decide = (message: Message, framework: Framework, isUpgrade?: boolean) => Refusal | undefined | Promise<Refusal | undefined>
type OnError = (error: Error) => void

/** What of Fastify's request and reply is used. */
interface FastifyRequest {
  raw: IncomingMessage
  query?: unknown
}
interface FastifyReply {
  code(status: number): unknown
  header(name: string, value: string): unknown
  send(body: Uint8Array): unknown
}

/** A rule, in the shapes in which apps take it. `Left` is what the app finds on a request. */
export class Guard<Left extends Guarded = Guarded> {
  /** Before an app of Express or Connect. */
  readonly middleware: (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void
  /** Before an app of Fastify, as its `onRequest` hook. */
  readonly hook: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
  readonly #decide: Decide

  /** @internal */
  constructor(decide: Decide) {
    this.#decide = decide
    this.middleware = (req, res, next) =>
      settle(
        () => decide(req, req as Framework),
        (refusal) => (refusal === undefined ? next() : answer(req, res, refusal)),
        next,
      )
    this.hook = async (request, reply) => {
      let refusal: Refusal | undefined
      try {
        refusal = await decide(request.raw, request)
      } catch (thrown) {
        throw asError(thrown)
      }
      if (refusal === undefined) return undefined
      reply.code(refusal.status)
      for (const [name, value] of Object.entries(refusal.headers)) reply.header(name, value)
      // To a string Fastify would add a charset.
      return reply.send(Buffer.from(refusal.body))
    }
    Object.freeze(this)
  }

  /**
   * A listener for `request` of Node's `http`, and for `checkContinue`.
   *
   * @param onError Is told of an error that was answered with 500; otherwise it is printed.
   */
  listener<Response extends ServerResponse>(
    app: (req: IncomingMessage & Left, res: Response) => unknown,
    onError: OnError = console.error,
  ): (req: IncomingMessage, res: Response) => void {
    return (req, res) =>
      settle(
        () => this.#decide(req, req as Framework),
        (refusal) => (refusal === undefined ? app(req as IncomingMessage & Left, res) : answer(req, res, refusal)),
        (error) => {
          if (!res.headersSent) res.writeHead(500)
          res.end()
          onError(error)
        },
      )
  }

  /**
   * A listener for `upgrade`. A refusal is answered on the socket, which is then closed.
   *
   * @param onError Is told of an error that was answered with 500; otherwise it is printed.
   */
  upgrade<Socket extends Duplex>(
    app: (req: IncomingMessage & Left, socket: Socket, head: Buffer) => unknown,
    onError: OnError = console.error,
  ): (req: IncomingMessage, socket: Socket, head: Buffer) => void {
    return (req, socket, head) => {
      // Node has taken its own listener off, and a client may go away meanwhile.
      const gone = () => socket.destroy()
      socket.on('error', gone)
      settle(
        () => this.#decide(req, req as Framework, true),
        (refusal) => {
          if (refusal !== undefined) return close(socket, refusal.status, refusal)
          socket.off('error', gone)
          if (!socket.destroyed) app(req as IncomingMessage & Left, socket, head)
        },
        (error) => {
          close(socket, 500)
          onError(error)
        },
      )
    }
  }
}

/**
 * The controller's rule. The `Allowed` is at `req.sandgate`.
 *
 * @param controller The controller, or a function that returns the one that holds now.
 * @throws {TypeError} for wrong use.
 *
 * @example
 * const app = express()
 * app.use(guardController(new Controller(accessToken)).middleware)
 * app.get('/files', (req, res) => {
 *   const grant = req.sandgate?.grant
 *   // Express routes `/files/`, `/FILES` and HEAD here too: with the token they are allowed, and nothing is granted.
 *   if (grant === undefined) return res.sendStatus(404)
 *   res.sendFile(grant.path)
 * })
 */
export function guardController(controller: Current<Controller>, options?: GuardOptions<IncomingMessage>): Guard {
  const [rule, report] = [controllerRule(controller, options), reporter(options)]
  return new Guard((message, _framework, isUpgrade) => {
    const checked = rule(message)(isUpgrade === true ? asConnect(seen(message)) : seen(message))
    if (checked instanceof Refusal) return report(message, checked)
    message.sandgate = checked
    return undefined
  })
}

/**
 * The edge's rule. The route and the `Passed` are at `req.sandgateRoute` and `req.sandgatePassed`.
 *
 * What let the request pass is taken out before the app sees it: header, query parameter and cookie, and the host's label becomes
 * `{port}-{sandboxId}`.
 *
 * @param edge The edge, or a function that returns the one that holds now.
 * @param lookup Is given the `Route` of a request and says, at once or by a promise, what is known of the sandbox. One that is not
 * there is answered as E2B's proxy does, with 502.
 * @throws {TypeError} for wrong use.
 *
 * @example
 * const guard = guardEdge(new Edge({ v2Keyring }), (route) => states.get(route.sandboxId))
 * http.createServer(guard.listener((req, res) => forward(req, res, req.sandgateRoute))).listen(8080)
 */
export function guardEdge(edge: Current<Edge>, lookup: Lookup, options?: GuardOptions<IncomingMessage>): Guard<GuardedByEdge> {
  const [rule, report] = [edgeRule(edge, lookup, options), reporter(options)]
  return new Guard(async (message, framework) => {
    const found = await rule(seen(message), message)
    if (found instanceof Refusal) return report(message, found)
    takeOut(message, framework, found)
    return undefined
  })
}

/** Runs one of the two, and nothing of what they throw comes back here. */
function settle(decide: () => ReturnType<Decide>, done: (refusal: Refusal | undefined) => void, failed: (error: Error) => void): void {
  let decided
  try {
    decided = decide()
  } catch (thrown) {
    return failed(asError(thrown))
  }
  if (decided instanceof Promise) void decided.then(done, (thrown) => failed(asError(thrown)))
  else done(decided)
}

function answer(req: IncomingMessage, res: ServerResponse, refusal: Refusal): void {
  // Something has timed out before a look-up has come back.
  if (res.headersSent) return
  res.writeHead(refusal.status, refusal.headers)
  res.end(req.method === 'HEAD' ? undefined : refusal.body)
}

function close(socket: Duplex, status: number, refusal?: Refusal): void {
  const headers = { connection: 'close', ...(refusal?.headers ?? { 'content-length': '0' }) }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${refusal?.body ?? ''}`)
}

function takeOut(message: Message, framework: Framework, { route, passed }: Found): void {
  takeOutOfHeaders(message)
  message.url = forwardTarget(message.url ?? '/')
  if (message.originalUrl !== undefined) message.originalUrl = forwardTarget(message.originalUrl)
  takeOutOfQuery(framework)
  message.sandgateRoute = route
  message.sandgatePassed = passed
}

/** Express 4 and Fastify parse the query before any middleware. */
function takeOutOfQuery(framework: Framework): void {
  const { query } = framework
  if (typeof query !== 'object' || query === null || !(TRAFFIC_PARAMETER in query)) return
  const left = Object.assign(Object.create(Object.getPrototypeOf(query) as object | null) as object, query)
  Reflect.deleteProperty(left, TRAFFIC_PARAMETER)
  // Express 5 has no setter, and parses it again.
  if (!Reflect.set(framework, 'query', left)) Reflect.deleteProperty(query, TRAFFIC_PARAMETER)
}
