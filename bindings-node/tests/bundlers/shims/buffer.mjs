// `node:buffer` where there is no Node. The npm package does not know base64url, and equals nothing but its own.
import { Buffer } from 'buffer/'

const { equals, toString } = Buffer.prototype
Buffer.prototype.equals = function (other) {
  return equals.call(this, Buffer.from(other))
}
Buffer.prototype.toString = function (encoding, ...rest) {
  if (encoding !== 'base64url') return toString.call(this, encoding, ...rest)
  return toString.call(this, 'base64').replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
globalThis.Buffer ??= Buffer

export { Buffer }
