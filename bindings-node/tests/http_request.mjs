// Requests and answers of Node's http without a server.
import { IncomingMessage, ServerResponse } from 'node:http'
import { Duplex } from 'node:stream'

/** A request with these lines. Its body must not be touched. */
export function message(url, { method = 'GET', headers = [], ...more } = {}) {
  const request = new IncomingMessage(new Duplex({ read() {} }))
  request._read = () => {
    throw new Error('the body is read')
  }
  request._addHeaderLines(headers.flat(), headers.length * 2)
  return Object.assign(request, { method, url, rawHeaders: headers.flat(), ...more })
}

/** Returns what a middleware does with it: the status of its answer, 'next', or the error that it passes on. */
export function run(middleware, request) {
  return new Promise((done) => {
    const response = new ServerResponse(request)
    response.end = (body) => done({ status: response.statusCode, body })
    middleware(request, response, (...error) => done(error.length === 0 ? 'next' : { error: error[0] }))
  })
}
