// Guards find each deciding header however it is spelt, and look at no more than they need.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Controller, DECIDING_HEADERS, SandgateError } from 'sandgate'
import { guardController as fetchController } from 'sandgate/fetch'
import { guardController as httpController } from 'sandgate/http'
import { V1_TOKEN } from './calls.mjs'

const controller = new Controller(V1_TOKEN)
const { middleware } = httpController(controller)

const title = (name) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
const mixed = (name) => [...name].map((letter, at) => (at % 2 ? letter.toUpperCase() : letter)).join('')
const SPELLINGS = [(name) => name, (name) => name.toUpperCase(), title, mixed]

/** The status with which a request is answered, 200 if the app gets it. */
function status(rawHeaders, headers, method = 'GET') {
  let answered = 200
  const response = { on() {}, writeHead: (status) => (answered = status), end() {} }
  middleware({ method, url: '/health', rawHeaders, headers }, response, assert.ifError)
  return answered
}

test('each deciding header counts in each view, in every spelling', () => {
  assert.equal(DECIDING_HEADERS.length, 14)
  const other = { rawHeaders: ['Accept', '*/*'], headers: { accept: '*/*' } }
  for (const name of DECIDING_HEADERS) {
    for (const spelt of SPELLINGS.map((spelling) => spelling(name))) {
      assert.equal(status([...other.rawHeaders, spelt, 'x'], { ...other.headers, [name]: 'x' }), 200, spelt)
      for (const headers of [other.headers, { [name]: 'y' }, { [name]: undefined }, Object.create({ [name]: 'y' })]) {
        assert.equal(status([...other.rawHeaders, spelt, 'x'], headers), 400, spelt)
      }
      // An app may read what is not listed, or not in lower case.
      for (const hidden of [Object.defineProperty({}, spelt, { value: 'y' }), Object.create(Object.defineProperty({}, name, { value: 'y' }))]) {
        assert.equal(status(other.rawHeaders, Object.assign(hidden, other.headers)), 400, spelt)
      }
      if (spelt !== name) assert.equal(status([name, 'x'], { [name]: 'x', [spelt]: 'y' }), 400, spelt)
    }
    assert.equal(status(other.rawHeaders, { ...other.headers, [name]: 'x' }), 400, name)
    assert.equal(status(other.rawHeaders, { ...other.headers, [name]: undefined }), 200, name)
    // Twice as received, in one line or none as the app sees it.
    assert.equal(status([name, 'x', title(name), 'x'], { [name]: 'x' }), name === 'cookie' ? 400 : 200, name)
    assert.equal(status([name, 'x', name, 'x'], {}), 400, name)
  }
})

test('another header does not count, however near its name is', () => {
  const near = (name) => [`${name}x`, name.slice(1), name.slice(0, -1), `${name[0]}${'y'.repeat(name.length - 1)}`, `\u0130${name.slice(1)}`]
  for (const name of DECIDING_HEADERS) {
    for (const other of [...near(name), ...(name.includes('k') ? [name.replace('k', '\u212a')] : [])]) {
      if (DECIDING_HEADERS.includes(other)) continue
      assert.equal(status([other, 'x'], {}), 200, other)
      assert.equal(status(['Accept', '*/*'], { [other]: 'x' }), 200, other)
    }
  }
  assert.equal(status(['', 'x', 'x'.repeat(1000), 'x'], {}), 200)
})

test('the token is found among other headers, alone or with a context, and none is lost', () => {
  const line = ['X-Access-Token', V1_TOKEN]
  const basis = (headers, rest) => {
    try {
      return controller.guard({ method: 'GET', target: '/metrics', headers, ...rest }).basis
    } catch (error) {
      if (!(error instanceof SandgateError)) throw error
      return error.code
    }
  }
  for (const rest of [{}, { context: 'c' }, { joined: true }, { hasBody: true }]) {
    assert.equal(basis([['Host', 'a'], line, ['Cookie', 'a=b']], rest), 'token')
    assert.equal(basis([['Host', 'a']], rest), 'ERR_SANDGATE_MISSING')
    assert.equal(basis([line, line], rest), 'ERR_SANDGATE_MALFORMED')
    assert.equal(basis([['x-access-token', `${V1_TOKEN}\u00ff`]], rest), 'ERR_SANDGATE_INVALID')
    for (const wrong of [5, undefined, {}]) {
      for (const name of ['X-Access-Token', 'Host']) {
        assert.throws(() => basis([line, [name, wrong]], rest), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE', message: /^headers: / })
      }
    }
  }
  assert.equal(basis([line], { joined: true, method: new Uint8Array([0x47, 0x45, 0x54]) }), 'token')
})

test('the guard of fetch looks up only what counts', () => {
  const guard = fetchController(controller)
  const lookedUp = (method) => {
    const names = []
    const request = new Request('http://a/health', { method })
    const get = (name) => (names.push(name), request.headers.get(name))
    guard({ method, url: request.url, headers: { get } })
    return names.sort()
  }
  assert.deepEqual(lookedUp('GET'), ['upgrade', 'x-access-token'])
  assert.deepEqual([...new Set(lookedUp('OPTIONS'))], DECIDING_HEADERS.filter((name) => !['host', ':authority'].includes(name)).sort())
})
