import { names, object, wrongType } from './arguments.js'
import { native } from './native.js'
import type { Text, Time, View } from './values.js'

/**
 * The request line and the header lines as received: not decoded, not filtered.
 *
 * Node, `Headers` and most servers provide bytes as strings in which each character is one byte (latin-1). Strings are read this way here;
 * a `Uint8Array` is read as bytes.
 */
export interface RequestView {
  method: Text
  /** Path and query of the request line, still percent-encoded: `request.url` of `node:http`. */
  target: Text
  /** All header lines, or only the deciding ones, as pairs of name and value: a `Map`, `Headers`, an array of pairs. */
  headers: Iterable<readonly [name: string, value: Text]>
  /** Whether the server joins repeated lines with a comma. A comma in a deciding header is then a repetition. */
  joined?: boolean | null | undefined
  /** Whether there is a body that no header announces, as in HTTP/2. */
  hasBody?: boolean | null | undefined
}

/** A request to a guard. An edge takes the same object for `route` and for `guard`. */
export interface GuardRequest extends RequestView {
  /** Another view of the request, for example the one that the app reads. If the views differ, the request is refused. */
  beside?: RequestView | null | undefined
  /** The context: a value that both sides know of the client, 1 to 255 bytes (v2). */
  context?: Text | null | undefined
  /** The current time; otherwise the clock is read. */
  now?: Time | null | undefined
}

/** Values are joined with commas. @internal */
export const JOINED = 1
/** There is a body. @internal */
export const BODY = 2

/** The deciding headers, which core lists. @internal */
export const DECIDING: ReadonlySet<string> = new Set(native.headers.deciding)

const VIEW = names<RequestView>({ method: true, target: true, headers: true, joined: true, hasBody: true })
const REQUEST = names<GuardRequest>({
  method: true,
  target: true,
  headers: true,
  joined: true,
  hasBody: true,
  beside: true,
  context: true,
  now: true,
})

/** All values of a request. @internal */
export function given(request: GuardRequest): GuardRequest {
  return object(request, 'request', REQUEST)
}

/** The name of a header in lower case, by ASCII rules only: the Kelvin sign, whose lower case is `k`, is not a letter of a header name. @internal */
export function lowerCase(name: string): string {
  return name.includes('\u212a') ? name : name.toLowerCase()
}

interface Spelling {
  /** In lower case. */
  readonly name: string
  /** As most clients write it: `X-Access-Token`. */
  readonly title: string
  /** Another header of this shape. */
  readonly next: Spelling | undefined
}

/** How many first characters are told apart. */
const FIRSTS = 128
const LONGEST = Math.max(...native.headers.deciding.map(({ length }) => length))
/** The deciding headers by their length and first character, which hardly another header shares. */
const BY_SHAPE: (Spelling | undefined)[] = Array.from({ length: (LONGEST + 1) * FIRSTS })
for (const name of DECIDING) {
  const title = name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
  BY_SHAPE[shape(name)] = { name, title, next: BY_SHAPE[shape(name)] }
}

function shape(name: string): number {
  // An upper-case letter becomes a lower-case one.
  return name.length * FIRSTS + (name.charCodeAt(0) | 32)
}

/** Returns the name of a deciding header in lower case, undefined for another header. @internal */
export function decidingName(given: string): string | undefined {
  if (given.length > LONGEST) return undefined
  for (let likely = BY_SHAPE[shape(given)]; likely !== undefined; likely = likely.next) {
    const { name, title } = likely
    // To convert a name takes several times as long as to compare it.
    if (given === title || given === name || lowerCase(given) === name) return name
  }
  return undefined
}

/** @internal */
export function viewOf(request: RequestView): View {
  const { method, target, headers, joined, hasBody } = request
  const lines: Text[] = []
  for (const pair of pairs(headers)) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string') throw noPairs()
    const name = decidingName(pair[0])
    if (name !== undefined) lines.push(name, pair[1])
  }
  return [method, target, lines, flag(joined, 'joined', JOINED) | flag(hasBody, 'hasBody', BODY)]
}

/** The other view, if there is one. @internal */
export function otherOf({ beside }: GuardRequest): View | undefined {
  return beside == null ? undefined : viewOf(object(beside, 'beside', VIEW))
}

function pairs(headers: RequestView['headers']): RequestView['headers'] {
  if (typeof headers !== 'object' || headers === null || typeof headers[Symbol.iterator] !== 'function') throw noPairs()
  return headers
}

function flag(value: boolean | null | undefined, name: string, bit: number): number {
  if (value != null && typeof value !== 'boolean') throw wrongType(name, 'a boolean')
  return value === true ? bit : 0
}

function noPairs(): Error {
  return wrongType('headers', 'an iterable of pairs of name and value')
}
