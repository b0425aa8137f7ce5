/**
 * The controller's and the edge's rule in front of an app of Node's `http`, Express, Connect, or Fastify.
 *
 * In a sandbox:
 *
 *     const guard = guardController(new Controller(accessToken))
 *     app.use(guard.middleware)                             // Express, Connect
 *     fastify.addHook('onRequest', guard.hook)              // Fastify
 *     http.createServer(guard.listener(app))                // Node's http
 *     server.on('upgrade', guard.upgrade(listener))         // WebSockets, beside any of them
 *
 * The app acts on the verified grant, `req.sandgate?.grant` (in Fastify `request.raw.sandgate?.grant`), and does not parse the query again.
 * A preflight has no `sandgate`, and a request to another route has no `grant`. `guardEdge(edge, lookup)` has the same four, for an app
 * that forwards to sandboxes.
 *
 * - The guard answers a refused request with the status and the JSON body of the spec; the app does not see the request. It never reads the
 *   body of a request. To refuse an upload that waits for `100 Continue` before it is sent, listen to `checkContinue` too.
 * - An error of `clock`, `context`, `lookup` or such a function goes to `next`, to Fastify, or to `onError` with a 500 as the answer.
 * - Instead of the controller or the edge you can pass a function that returns the current one: `guardController(() => current)`. The guard
 *   calls it once per request. To replace the controller, assign a new one; a request in progress keeps its own. Any other result is an
 *   error, as above.
 * - The guard reads the request line and the header lines as received (`req.rawHeaders`, or `req.headers` if that is empty, as with
 *   serverless adapters). So it detects repeated headers.
 * - The app acts on the checked request. If a deciding header in `req.headers`, or `req.method` or `req.url`, differs from the received
 *   one, the request is refused with 400. Under an Express mount path the target is the one that the app sees there. An edge also screens
 *   the complete target, because the app may forward it. Connect and middie do not reveal the prefix that they remove: put the guard in
 *   front of such a mount. Fastify's prefixes are not mounts: the hook sees the complete path. Fastify itself refuses a path that it cannot
 *   decode, with its own message.
 * - The route is matched on the path as received: `/%68ealth` is not `/health`, and needs a token.
 * - An upgrade needs the token on every path, because most listeners for upgrades ignore the path.
 * - A controller that waits refuses everything but `GET /health` and `POST /init`: preflights and upgrades too. `POST /init` goes to the app,
 *   which reads the body, with a limit, and calls `controller.initialize`. The guard decides about the next request by the new token.
 * - A CORS preflight, which has no body, otherwise goes to a controller's app unchecked. CORS middleware belongs outside, because a refusal needs its
 *   headers too. Middleware that overrides the method also belongs outside; a request whose method it changes is refused. A cookie parser
 *   belongs inside.
 */
import { Buffer } from 'node:buffer'
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Allowed, Controller } from './controller.js'
import type { Edge, Passed } from './edge.js'
import { forwardTarget, TRAFFIC_PARAMETER } from './forward.js'
import { takeOutOfHeaders } from './http_forward.js'
import { asConnect, type Message as Received, seen } from './http_view.js'
import { asError, controllerRule, type Current, edgeRule, type Found, type GuardOptions, type Lookup, Refusal, type Report, reporter, UNREADABLE } from './middleware.js'
import type { Route } from './route.js'

export type { Current, GuardOptions, Lookup }

/** The properties that a guard sets on an allowed request. */
export interface Guarded {
  /** Why a controller allows it. Undefined for a CORS preflight. */
  sandgate?: Allowed | undefined
  /** The route that an edge has found. */
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

/** The object with the parsed query: Express's request, which is Node's, or Fastify's. */
interface Framework {
  query?: unknown
}

type Decide = (message: Message, framework: Framework, isUpgrade?: boolean) => Refusal | undefined | Promise<Refusal | undefined>
type OnError = (error: Error) => void

/** The used parts of Fastify's request and reply. */
interface FastifyRequest {
  raw: IncomingMessage
  query?: unknown
}
interface FastifyReply {
  code(status: number): unknown
  header(name: string, value: string): unknown
  send(body: Uint8Array): unknown
}

/** A guard, in the forms that apps accept. `Left` is what the app finds on a request. */
export class Guard<Left extends Guarded = Guarded> {
  /** For an app of Express or Connect. */
  readonly middleware: (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void
  /** For an app of Fastify, as its `onRequest` hook. */
  readonly hook: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
  readonly #decide: Decide
  readonly #report: Report<IncomingMessage>

  /** @internal */
  constructor(decide: Decide, report: Report<IncomingMessage>) {
    this.#decide = decide
    this.#report = report
    this.middleware = (req, res, next) =>
      settle(
        () => decide(req, req as Framework),
        (refusal) => (refusal === undefined ? next() : report(req, refusal, () => answer(req, res, refusal))),
        next,
      )
    this.hook = async (request, reply) => {
      let refusal: Refusal | undefined
      try {
        refusal = await decide(request?.raw, request)
      } catch (thrown) {
        throw asError(thrown)
      }
      return refusal && report(request.raw, refusal, () => send(reply, refusal))
    }
    Object.freeze(this)
  }

  /**
   * A listener for `request` of Node's `http`, and for `checkContinue`.
   *
   * @param onError Called with an error that was answered with 500; without it the error is printed.
   */
  listener<Response extends ServerResponse>(
    app: (req: IncomingMessage & Left, res: Response) => unknown,
    onError: OnError = console.error,
  ): (req: IncomingMessage, res: Response) => void {
    return (req, res) =>
      settle(
        () => this.#decide(req, req as Framework),
        (refusal) =>
          refusal === undefined
            ? app(req as IncomingMessage & Left, res)
            : this.#report(req, refusal, () => answer(req, res, refusal)),
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
   * @param onError Called with an error that was answered with 500; without it the error is printed.
   */
  upgrade<Socket extends Duplex>(
    app: (req: IncomingMessage & Left, socket: Socket, head: Buffer) => unknown,
    onError: OnError = console.error,
  ): (req: IncomingMessage, socket: Socket, head: Buffer) => void {
    return (req, socket, head) => {
      // Node has removed its own listener, and a client may disconnect meanwhile.
      const gone = () => socket.destroy()
      socket.on('error', gone)
      settle(
        () => this.#decide(req, req as Framework, true),
        (refusal) => {
          if (refusal !== undefined) return this.#report(req, refusal, () => close(socket, refusal.status, refusal))
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
 * Returns the controller's guard. The `Allowed` is at `req.sandgate`.
 *
 * @param controller The controller, or a function that returns the current one.
 * @throws {TypeError} for wrong use.
 *
 * @example
 * const app = express()
 * app.use(guardController(new Controller(accessToken)).middleware)
 * app.get('/files', (req, res) => {
 *   const grant = req.sandgate?.grant
 *   // Express routes `/files/`, `/FILES` and HEAD here too: with the token they are allowed, but without a grant.
 *   if (grant === undefined) return res.sendStatus(404)
 *   res.sendFile(grant.path)
 * })
 */
export function guardController(controller: Current<Controller>, options?: GuardOptions<IncomingMessage>): Guard {
  const [rule, report] = [controllerRule(controller, options), reporter(options)]
  return new Guard((message, _framework, isUpgrade) => {
    const deciding = rule(message)
    const received = seen(message)
    if (received === undefined) return UNREADABLE.route
    const { view, other } = isUpgrade === true ? asConnect(received) : received
    const checked = deciding.about(view, other)
    if (checked instanceof Refusal) return checked
    message.sandgate = checked
    return undefined
  }, report)
}

/**
 * Returns the edge's guard. The route and the `Passed` are at `req.sandgateRoute` and `req.sandgatePassed`.
 *
 * It removes the credentials before the app sees the request: header, query parameter and cookie. The host's label becomes
 * `{port}-{sandboxId}`.
 *
 * @param edge The edge, or a function that returns the current one.
 * @param lookup Takes the `Route` of a request and returns the state of the sandbox, or a promise of it. An unknown sandbox is answered
 * with 502, as by E2B's proxy.
 * @throws {TypeError} for wrong use.
 *
 * @example
 * const guard = guardEdge(new Edge({ v2Keyring }), (route) => states.get(route.sandboxId))
 * http.createServer(guard.listener((req, res) => forward(req, res, req.sandgateRoute))).listen(8080)
 */
export function guardEdge(edge: Current<Edge>, lookup: Lookup, options?: GuardOptions<IncomingMessage>): Guard<GuardedByEdge> {
  const [rule, report] = [edgeRule(edge, lookup, options), reporter(options)]
  return new Guard(async (message, framework) => {
    const received = seen(message)
    if (received === undefined) return UNREADABLE.host
    const found = await rule(received, message)
    if (found instanceof Refusal) return found
    takeOut(message, framework, found)
    return undefined
  }, report)
}

/** Runs one of the two functions. Errors that they throw do not return here. */
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
  // Another handler, such as a timeout, answered before the look-up returned.
  if (res.headersSent) return
  // What `onRefusal` may still do to it comes after the end, and must not end the process.
  res.on('error', () => undefined)
  res.writeHead(refusal.status, refusal.headers)
  res.end(req.method === 'HEAD' ? undefined : refusal.body)
}

function send(reply: FastifyReply, { status, headers, body }: Refusal): unknown {
  reply.code(status)
  for (const [name, value] of Object.entries(headers)) reply.header(name, value)
  // To a string Fastify would add a charset.
  return reply.send(Buffer.from(body))
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
  // Express 5 has no setter; it parses the query again.
  if (!Reflect.set(framework, 'query', left)) Reflect.deleteProperty(query, TRAFFIC_PARAMETER)
}
