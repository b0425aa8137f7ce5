// Requests with headers and methods that a runtime may not let a page make.

/** Whether this runtime drops the headers that a page may not send: `Host`, `Upgrade`, cookies, `Origin`. A browser does. */
export const DROPS = new Request('http://a', { headers: { upgrade: 'x' } }).headers.get('upgrade') === null

/** A request that arrives with these headers, as a server makes it. */
export function requestWith(url, { headers, ...init } = {}) {
  if (!DROPS) return new Request(url, { headers, ...init })
  return Object.defineProperty(new Request(url, init), 'headers', { value: new Headers(headers) })
}

/** Whether this runtime makes a request with a method, so that it can be forwarded. */
export function canMake(method) {
  try {
    new Request('http://a', { method })
    return true
  } catch {
    return false
  }
}
