/** A Node request, as received and as the app sees it. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { wrongType } from './arguments.js'
import { BODY, DECIDING, decidingName, JOINED } from './head.js'
import type { View } from './values.js'
import type { Seen } from './middleware.js'

/** A Node request, with the properties that frameworks, middleware and HTTP/2 add. @internal */
export interface Message extends IncomingMessage {
  /** The target before Express or another framework rewrote it. */
  originalUrl?: string
  /** The prefix that Express removed. */
  baseUrl?: string
  /** The method before method-override changed it. */
  originalMethod?: string
  /** HTTP/2. */
  stream?: { endAfterHeaders?: boolean }
  authority?: string
}

/**
 * Returns undefined for a request that cannot be read, such as one with a target that is no text.
 *
 * @throws {TypeError} for what is no request.
 * @internal
 */
export function seen(message: Message): Seen | undefined {
  if (typeof message !== 'object' || message === null) throw wrongType('request', "a request of Node's http")
  try {
    return read(message)
  } catch {
    return undefined
  }
}

function read(message: Message): Seen {
  const { method = '', url = '/', originalUrl, originalMethod, rawHeaders, headers, stream } = message
  const body = stream === undefined || stream.endAfterHeaders === true ? 0 : BODY
  const [wire, sent] = [originalMethod ?? method, originalUrl === undefined ? url : below(message.baseUrl ?? '', originalUrl)]
  const whole = originalUrl === sent ? undefined : originalUrl
  // Tools that make requests without a connection may set only `headers`.
  if (!rawHeaders?.length) {
    const lines = linesOf(headers)
    const view: View = [wire, sent, lines, body | JOINED]
    return { view, other: wire === method && sent === url ? undefined : [method, url, lines, JOINED], whole }
  }
  const lines = rawLines(rawHeaders)
  const view: View = [wire, sent, lines, body]
  // An equal view is not passed on: core would find no difference.
  if (shows(headers, lines)) return { view, other: wire === method && sent === url ? undefined : [method, url, lines, 0], whole }
  return { view, other: [method, url, linesOf(headers), JOINED], whole }
}

/** The same as a CONNECT, the method of a WebSocket in HTTP/2 (RFC 8441): an upgrade is none of the controller's routes. @internal */
export function asConnect({ view, other }: Seen): Seen {
  const [method] = view
  const connect = ([name, ...rest]: View): View => [name === method ? 'CONNECT' : name, ...rest]
  return { view: connect(view), other: other && connect(other) }
}

/** The target below a mount, as Express sees it: unchanged if it is not below it. */
function below(mount: string, target: string): string {
  const rest = target.slice(mount.length)
  if (!target.startsWith(mount) || !/^(\/|\?|$)/.test(rest)) return target
  return rest.startsWith('/') ? rest : `/${rest}`
}

function rawLines(raw: readonly string[]): string[] {
  const lines: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = decidingName(raw[at]!)
    if (name !== undefined) lines.push(name, raw[at + 1]!)
  }
  return lines
}

/** The lines of `headers`, of which an app may read any: hidden and inherited ones too. An array is several lines. */
function linesOf(headers: IncomingHttpHeaders): string[] {
  const lines: string[] = []
  for (const given of new Set([...Object.getOwnPropertyNames(headers ?? {}), ...DECIDING])) {
    const name = decidingName(given)
    if (name === undefined) continue
    const values: unknown = headers?.[given]
    for (const value of Array.isArray(values) ? values : [values]) if (value != null) lines.push(name, String(value))
  }
  return lines
}

/** Whether `headers` has exactly these deciding lines. */
function shows(headers: IncomingHttpHeaders | undefined, lines: readonly string[]): boolean {
  if (headers == null || inherits(headers)) return false
  let left = lines.length
  // To go through the few headers of a request is faster than to look up all deciding ones.
  for (const given of Object.getOwnPropertyNames(headers)) {
    const name = decidingName(given)
    if (name === undefined) continue
    const value = headers[given]
    if (value === undefined) continue
    if (!has(lines, name, value)) return false
    left -= 2
  }
  // What is left are repetitions, and lines that `headers` does not have.
  return left === 0
}

/** Whether an object may have names that are not its own. */
function inherits(headers: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(headers)
  for (const _ in prototype as object | null) return true
  return prototype !== null && prototype !== Object.prototype
}

/** Whether the first line with this name has this value. */
function has(lines: readonly string[], name: string, value: unknown): boolean {
  for (let at = 0; at < lines.length; at += 2) if (lines[at] === name) return lines[at + 1] === value
  return false
}
