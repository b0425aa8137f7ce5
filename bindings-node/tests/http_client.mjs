// Real servers, and a client that sends exactly the given bytes.
import http from 'node:http'
import net from 'node:net'
import { once } from 'node:events'

/** A server on a free port of this machine. */
export async function serve(server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return at(server.address().port, () => {
    server.closeAllConnections?.()
    return new Promise((closed) => server.close(closed))
  })
}

export function at(port, close) {
  return { port, close, ask: (...request) => ask(port, ...request), raw: (...text) => raw(port, ...text) }
}

/** `headers` are pairs. A body that is an array is sent in chunks. */
function ask(port, method, target, headers = [], body = undefined) {
  const lines = headers.some(([name]) => name.toLowerCase() === 'host') ? headers : [['Host', `127.0.0.1:${port}`], ...headers]
  const length = Array.isArray(body) ? [['Transfer-Encoding', 'chunked']] : body === undefined ? [] : [['Content-Length', String(Buffer.byteLength(body))]]
  return new Promise((answered, failed) => {
    const request = http.request({ port, host: '127.0.0.1', method, path: target, headers: [...lines, ...length].flat(), agent: false })
    request.on('error', failed)
    request.on('response', async (response) => {
      const parts = []
      for await (const part of response) parts.push(part)
      const whole = Buffer.concat(parts)
      answered({ status: response.statusCode, headers: response.headers, body: whole, text: String(whole), json: parsed(whole) })
    })
    for (const chunk of Array.isArray(body) ? body : []) request.write(chunk)
    request.end(Array.isArray(body) ? undefined : body)
  })
}

function parsed(body) {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Returns the answer to these bytes, until the connection is closed or idle for this many milliseconds. */
function raw(port, text, idle = 5000) {
  return new Promise((done, failed) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text, 'latin1'))
    socket.setTimeout(idle, () => socket.destroy())
    let all = ''
    socket.setEncoding('latin1')
    socket.on('data', (data) => (all += data))
    socket.on('error', failed)
    socket.on('close', () => done(all))
  })
}
