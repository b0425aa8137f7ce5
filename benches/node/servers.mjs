// One request to a server of Node, guarded by the package and not at all: without a socket.

import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { Controller } from 'sandgate'
import * as fetchGuards from 'sandgate/fetch'
import * as httpGuards from 'sandgate/http'

const HEADERS = ['Host', '49983-i94gcaqbpvohfr764s5l.e2b.app', 'User-Agent', 'node', 'Accept', '*/*', 'Accept-Encoding', 'gzip, deflate', 'Connection', 'keep-alive']
const socket = new Socket()

/** As the parser of Node's http makes it. */
function received(target) {
  const message = new IncomingMessage(socket)
  message.method = 'GET'
  message.url = target
  message.httpVersionMajor = message.httpVersionMinor = 1
  message.httpVersion = '1.1'
  message._addHeaderLines(HEADERS, HEADERS.length)
  return message
}

/** The handlers of one controller, for signed targets. Each returns what was allowed. */
export function served(token) {
  const { middleware } = httpGuards.guardController(new Controller(token))
  const guard = fetchGuards.guardController(new Controller(token))
  const response = new ServerResponse(received('/'))
  const next = (error) => {
    if (error !== undefined) throw error
  }
  return {
    http: (target) => {
      const message = received(target)
      middleware(message, response, next)
      return message.sandgate.grant
    },
    bareHttp: (target) => received(target).url,
    fetch: (request) => {
      const allowed = guard(request)
      if (allowed instanceof Response) throw new Error('refused')
      return allowed.grant
    },
  }
}
