import type { IncomingMessage } from 'node:http'
import { forwardHeader } from './forward.js'
import type { Message } from './http_view.js'

/**
 * Takes out of all the views that Node has of the headers what must not go on. A view that changes is replaced and not written to:
 * it may be an object of the caller's, such as the event of a serverless function.
 *
 * @internal
 */
export function takeOutOfHeaders(message: Message): void {
  const { authority, headers, rawHeaders } = message
  const raw = rawHeaders && rawLeft(rawHeaders)
  // Node makes it of `rawHeaders` at its first reading, which must come before those are replaced.
  const distinct = raw !== undefined || !rawHeaders?.length ? message.headersDistinct : undefined
  replace(message, 'rawHeaders', raw)
  replace(message, 'headers', left(headers))
  replace(message, 'headersDistinct', distinct && left(distinct))
  if (typeof authority === 'string') replace(message, 'authority', forwardHeader(':authority', authority))
}

function replace(message: IncomingMessage, name: string, value: unknown): void {
  // HTTP/2 has getters alone.
  if (value === undefined || Reflect.set(message, name, value)) return
  Object.defineProperty(message, name, { value, writable: true, enumerable: true, configurable: true })
}

/** The lines that go on; undefined where all do, as they are. */
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

/** The same array where nothing changes; undefined where no line is left. */
function lines(name: string, given: string[]): string[] | undefined {
  const values = given.flatMap((line) => forwardHeader(name, line) ?? [])
  if (values.length === given.length && values.every((value, at) => value === given[at])) return given
  return values.length === 0 ? undefined : values
}
