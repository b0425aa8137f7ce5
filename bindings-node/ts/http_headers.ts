import type { IncomingMessage } from 'node:http'
import { forwardCookies, forwardHost, TRAFFIC_HEADER } from './forward.js'
import { forwardedTarget } from './middleware.js'
import type { Route } from './route.js'

/** A header as it is forwarded, undefined: not at all. */
function forwarded(name: string, value: string, route: Route): string | undefined {
  switch (name.toLowerCase()) {
    case TRAFFIC_HEADER:
      return undefined
    case 'cookie':
      return forwardCookies(value) || undefined
    case 'host':
    case ':authority':
      return forwardHost(value, route)
    case ':path':
      return forwardedTarget(value)
    default:
      return value
  }
}

/** Takes what only an edge reads out of all the views that Node has of the headers, which others may hold already. @internal */
export function takeOutOfHeaders(message: IncomingMessage, route: Route): void {
  const { headers, headersDistinct, rawHeaders } = message
  const raw = rawHeaders.flatMap((name, at) => {
    const value = at % 2 === 0 ? forwarded(name, rawHeaders[at + 1]!, route) : undefined
    return value === undefined ? [] : [name, value]
  })
  rawHeaders.splice(0, rawHeaders.length, ...raw)
  for (const [name, joined] of Object.entries(headers)) {
    const value = typeof joined === 'string' ? forwarded(name, joined, route) : joined
    if (value === undefined) delete headers[name]
    else headers[name] = value
  }
  for (const [name, lines] of Object.entries(headersDistinct ?? {})) {
    const values = (lines ?? []).flatMap((line) => forwarded(name, line, route) ?? [])
    if (values.length === 0) delete headersDistinct[name]
    else headersDistinct[name] = values
  }
}
