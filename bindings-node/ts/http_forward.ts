import type { IncomingMessage } from 'node:http'
import { forwardHeader } from './forward.js'
import type { Message } from './http_view.js'

/**
 * Removes credentials from all views that Node has of the headers. A view that changes is replaced, not modified: it may be an object of
 * the caller, such as the event of a serverless function.
 *
 * @internal
 */
export function takeOutOfHeaders(message: Message): void {
  const { authority, headers, rawHeaders } = message
  const raw = rawHeaders && rawLeft(rawHeaders)
  // Node builds it from `rawHeaders` on first use, so read it before those are replaced.
  const distinct = raw !== undefined || !rawHeaders?.length ? message.headersDistinct : undefined
  replace(message, 'rawHeaders', raw)
  replace(message, 'headers', left(headers))
  replace(message, 'headersDistinct', distinct && left(distinct))
  if (typeof authority === 'string') replace(message, 'authority', forwardHeader(':authority', authority))
}

function replace(message: IncomingMessage, name: string, value: unknown): void {
  // HTTP/2 has only getters.
  if (value === undefined || Reflect.set(message, name, value)) return
  Object.defineProperty(message, name, { value, writable: true, enumerable: true, configurable: true })
}

/** The lines to forward; undefined if all are unchanged. */
function rawLeft(raw: readonly string[]): string[] | undefined {
  const lines: string[] = []
  let changed = false
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name, given] = [raw[at]!, raw[at + 1]!]
    const value = forwardHeader(name, given)
    changed ||= value !== given
    if (value !== undefined) lines.push(name, value)
  }
  return changed ? lines : undefined
}

type Headers = NodeJS.Dict<string | string[]>

function left(headers: Headers): Headers | undefined {
  let changed: Headers | undefined
  for (const [name, given] of Object.entries(headers)) {
    const value = Array.isArray(given) ? lines(name, given) : typeof given === 'string' ? forwardHeader(name, given) : given
    if (value === given) continue
    changed ??= Object.assign(Object.create(Object.getPrototypeOf(headers)) as Headers, headers)
    if (value === undefined) delete changed[name]
    else changed[name] = value
  }
  return changed
}

/** The same array if nothing changes; undefined if no line is left. */
function lines(name: string, given: string[]): string[] | undefined {
  const values = given.flatMap((line) => forwardHeader(name, line) ?? [])
  if (values.length === given.length && values.every((value, at) => value === given[at])) return given
  return values.length === 0 ? undefined : values
}
