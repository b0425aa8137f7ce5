import type { Handle, RouteParts } from './addon.js'
import { names, optional } from './arguments.js'
import type { Header, Text } from './values.js'
import { denied } from './errors.js'
import { native } from './native.js'

/** The headers from which a route is found. */
export interface RouteHeaders {
  /** `Host`. */
  host?: Header
  /** `E2b-Sandbox-Id`. */
  sandboxId?: Header
  /** `E2b-Sandbox-Port`. */
  port?: Header
}

const HEADERS = names<RouteHeaders>({ host: true, sandboxId: true, port: true })

let handleOf: (route: Route) => Handle

/** Parsed parts, in place of the caller's id. */
class Parsed {
  constructor(readonly parts: RouteParts) {}
}

/**
 * The sandbox and the port that a request is for. Its text is the host's label for this route.
 *
 * @example
 * const route = Route.parse({ host: '8080-i94gcaqbpvohfr764s5l.e2b.app' })
 * route.sandboxId // 'i94gcaqbpvohfr764s5l'
 * route.port // 8080
 * String(route) // '8080-i94gcaqbpvohfr764s5l'
 */
export class Route {
  /** The id of the sandbox. */
  readonly sandboxId: string
  /** The port in the sandbox. */
  readonly port: number
  readonly #handle: Handle
  readonly #label: string

  /**
   * @param sandboxId 1 to 63 characters of `[A-Za-z0-9_-]`, without `sandbox-traffic-` in front.
   * @param port 1 to 65535.
   * @throws {RangeError} `ERR_SANDGATE_SANDBOX_ID`, `ERR_SANDGATE_PORT`, `ERR_OUT_OF_RANGE` for a number outside the range.
   * @throws {TypeError} for a value of the wrong type.
   */
  constructor(sandboxId: Text, port: number) {
    const parts = (sandboxId as unknown) instanceof Parsed ? (sandboxId as unknown as Parsed).parts : native.route(sandboxId, port)
    this.#handle = parts[0]
    this.sandboxId = parts[1]
    this.port = parts[2]
    this.#label = parts[3]
    Object.freeze(this)
  }

  /**
   * Parses `{port}-{sandbox_id}[-…].{domain}`, or the routing headers if the host names no sandbox.
   *
   * @throws {SandgateError} for a request that an edge answers with 400.
   * @throws {TypeError | RangeError} for wrong use.
   */
  static parse(headers: RouteHeaders): Route {
    optional(headers, 'headers', HEADERS)
    const parts = native.parseRoute(headers.host, headers.sandboxId, headers.port)
    if (typeof parts === 'number') throw denied(parts)
    return routeOf(parts)
  }

  /** The host's label for this route, `{port}-{sandboxId}`. */
  toString(): string {
    return this.#label
  }

  static {
    handleOf = (route) => (#handle in route ? route.#handle : (route as never))
  }
}

/** Returns the addon's handle of a route. Any other value is returned unchanged, and the addon refuses it. @internal */
export function routeHandle(route: Route): Handle {
  return typeof route === 'object' && route !== null ? handleOf(route) : route
}

/**
 * Returns the id of a sandbox that an old client calls `{sandboxID}-{clientID}`: the part before the first `-`. An id without a `-` is
 * returned as it is. Shorten an id before anything is derived from it: the long form has other tokens.
 *
 * @throws {RangeError} `ERR_SANDGATE_LONG_SANDBOX_ID` if that part is not 1 to 63 characters of `[a-z0-9]`.
 * @throws {TypeError} for a value of the wrong type.
 *
 * @example
 * shortenSandboxId('i94gcaqbpvohfr764s5l-2f7b3ac1') // 'i94gcaqbpvohfr764s5l'
 */
export function shortenSandboxId(id: Text): string {
  return native.shortenSandboxId(id)
}

/** Returns a route from parsed parts. @internal */
export function routeOf(parts: RouteParts): Route {
  return new Route(new Parsed(parts) as never, 0)
}
