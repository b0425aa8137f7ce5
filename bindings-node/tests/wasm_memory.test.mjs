// What a call leaves in linear memory: nothing of a secret, and no room that nobody needs.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

/** By module, the instances that the package made, the last one in use. */
const all = new Map()
const { Instance } = WebAssembly
WebAssembly.Instance = class extends Instance {
  constructor(module, ...given) {
    super(module, ...given)
    if (!all.has(module)) all.set(module, [])
    all.get(module).push(this)
  }
}
process.env.SANDGATE_BACKEND = 'wasm'
const { backend, Controller, Edge, equal, explain, Route, v1, v2, wake, webhook } = await import('sandgate')
/** Those of the main module, which is the first. */
const [instances] = all.values()
const { getSignatureSync } = await import('sandgate/e2b')
const { misused } = await import('./outcome.mjs')

const SEED = 'MARK seed of at least thirty-two bytes'
const ID = 'i94gcaqbpvohfr764s5l'
const memory = () => instances.at(-1).exports.memory.buffer
const v1Ring = new v1.Keyring(SEED)
const v2Ring = new v2.Keyring({ a: SEED })
const v1Token = v1Ring.accessToken(ID)
const v2Token = v2Ring.accessToken(ID)
const v2Hash = createHash('sha512').update(v2Token).digest('hex')
const body = (accessToken, more) => JSON.stringify({ accessToken, ...more })
const key = Buffer.from(v2Token.split('.')[2], 'base64url')

/** In any form that a call may have copied. */
const FORMS = [SEED, v1Token, v2Token].flatMap((secret) => [Buffer.from(secret), Buffer.from(secret, 'utf16le')]).concat(key, Buffer.from(v1Token, 'hex'))

function holdsNothing(call) {
  try {
    call()
  } catch (error) {
    if (error.code === undefined) throw error
  }
  for (const made of all.values()) {
    const bytes = Buffer.from(made.at(-1).exports.memory.buffer)
    // A part is a leak too.
    for (const form of FORMS) assert.equal(bytes.indexOf(form.subarray(0, 12)), -1, call.toString())
  }
}

test('the backend is WebAssembly', () => assert.equal(backend, 'wasm'))

const CALLS = {
  'granted calls': [
    () => new v1.Keyring(SEED),
    () => new v2.Keyring({ a: SEED }),
    () => v1Ring.accessToken(ID),
    () => v2Ring.accessToken(ID),
    () => v1Ring.verifyAccessToken(ID, v1Token),
    () => new v1.FileUrlKey(v1Token).url('https://a', { path: '/a', expires: 9, now: 1 }),
    () => new v2.FileUrlKey(v2Token).sign({ path: '/a', expires: 9, now: 1 }),
    () => new Controller(v1Token).check({ method: 'GET', target: '/', accessToken: v1Token, now: 1 }),
    () => getSignatureSync({ path: '/a', operation: 'read', envdAccessToken: v1Token }),
    () => equal(v1Token, v1Token),
    () => Controller.waiting().initialize(body(v1Token)),
    () => Controller.waiting().initialize(Buffer.from(body(v2Token, { timestamp: '2026-11-30T13:00:00Z', pad: 'é'.repeat(30_000) }))),
    () => new Controller(v1Token).initialize(body(v1Token)),
    () => new Controller(v1Token).initialize(body(v2Token), v2Hash),
    () => new Controller([v1Token, 'another']).initialize('{}', createHash('sha512').digest('hex')),
    () => wake.check(new Edge(), new Controller(v1Token), new Route(ID, 49983), { restricted: false }, { method: 'GET', target: '/', accessToken: v1Token }),
    () => explain('path=%2Fa', [v2Token]),
    () => webhook.sign(SEED, Buffer.from('body')),
    () => new webhook.Verifier(SEED).start({ 'e2b-signature': webhook.sign(SEED, new Uint8Array(1)) }).update(Buffer.from('body')),
  ],
  refusals: [
    () => v1Ring.verifyAccessToken(ID, `${v1Token}x`),
    () => v2Ring.verifyAccessToken('other', v2Token),
    () => new Controller(v1Token).check({ method: 'GET', target: '/', accessToken: [v1Token, v1Token], now: 1 }),
    () => new Controller(v1Token).initialize(body(v2Token)),
    () => new Controller(v1Token).initialize(`${body(v2Token)}x`, v2Hash),
    () => new Controller(v1Token).initialize('{}'),
    () => new webhook.Verifier(SEED).verify({ 'e2b-signature': webhook.sign(SEED, new Uint8Array(1)) }, Buffer.from('body')),
  ],
  misuse: [
    () => new v1.Keyring(SEED, 'short'),
    () => new webhook.Verifier(SEED, 'short'),
    () => new v1.FileUrlKey(`${v2Token}\n`),
    () => new v2.Keyring({ 'no id!': SEED }),
    () => new Controller([v1Token, v2Token, '']),
    () => v1Ring.accessToken(`${v1Token} ${SEED}`),
    () => new v1.Keyring(`${SEED}\ud800`, 5),
    () => new v1.FileUrlKey(v1Token).sign({ path: 5 }),
    () => new Controller(v1Token).initialize(body(v2Token), 5),
    () => new Controller(v1Token).initialize(body(v2Token), `${v2Hash}\ud800`),
  ],
}

for (const [kind, calls] of Object.entries(CALLS)) {
  test(`${kind} leave no secret in linear memory`, () => {
    for (const call of calls) {
      // One that is refused would not do what is searched for.
      if (kind === 'granted calls') call()
      holdsNothing(call)
    }
  })
}

test('the search finds a secret that is there', () => {
  new Uint8Array(memory()).set(FORMS[0], memory().byteLength - 100)
  assert.throws(() => holdsNothing(() => {}), { code: 'ERR_ASSERTION' })
  new Uint8Array(memory()).fill(0, memory().byteLength - 100)
  holdsNothing(() => {})
})

test('a trap leaves no secret, and the next call works', () => {
  const { memory: own, __stack_pointer: stack } = instances.at(-1).exports
  const before = instances.length
  // With almost no stack left the call overflows it.
  stack.value = 16
  assert.throws(() => new v1.Keyring(SEED, SEED), { code: 'ERR_SANDGATE_PANIC' })
  for (const form of FORMS) assert.equal(Buffer.from(own.buffer).indexOf(form.subarray(0, 12)), -1)
  assert.equal(instances.length, before + 1)
  assert.equal(v1Ring.accessToken(ID), v1Token)
})

test('the search looks into the memory of every module', () => {
  assert.equal(all.size, 3)
  for (const made of all.values()) {
    const { buffer } = made.at(-1).exports.memory
    new Uint8Array(buffer).set(FORMS[1], buffer.byteLength - 100)
    assert.throws(() => holdsNothing(() => {}), { code: 'ERR_ASSERTION' })
    new Uint8Array(buffer).fill(0, buffer.byteLength - 100)
  }
  holdsNothing(() => {})
})

test('the token that is replaced is overwritten', (t) => {
  const kept = []
  const slice = Uint8Array.prototype.slice
  t.mock.method(Uint8Array.prototype, 'slice', function (...range) {
    const made = slice.apply(this, range)
    if (Buffer.from(made).includes(v1Token)) kept.push(made)
    return made
  })
  const controller = new Controller(v1Token)
  assert.equal(kept.length, 1)
  assert.equal(controller.initialize(body(v2Token), v2Hash), 'replaced')
  assert(kept.every((state) => state.every((byte) => byte === 0)))
})

test('a state that another module made has the natives of the main one', () => {
  const controller = Controller.waiting()
  controller.initialize(body(v2Token))
  const target = new v2.FileUrlKey(v2Token).url('http://a', { path: '/a', expires: 9, now: 1 }).slice('http://a'.length)
  assert.equal(controller.check({ method: 'GET', target, now: 1 }).basis, 'signature')
  assert.equal(controller.initialize(body(v1Token), createHash('sha512').update(v1Token).digest('hex')), 'replaced')
  assert.equal(controller.guard({ method: 'GET', target: '/', headers: [['X-Access-Token', v1Token]] }).basis, 'token')
})

test('the deepest call of the module that initialises leaves some of its stack', () => {
  // It was used first after the main one.
  const [, made] = all.values()
  const { __stack_pointer: stack } = made.at(-1).exports
  const top = stack.value
  const controllers = [() => Controller.waiting(), () => new Controller(v1Token), () => new Controller(v2Ring.accessToken(ID, { generation: 1 }))]
  for (const make of controllers) {
    const controller = make()
    stack.value = top - 2048
    assert.equal(controller.initialize(body(v2Token), v2Hash), 'replaced')
    assert.equal(made.at(-1).exports.__stack_pointer, stack)
  }
  stack.value = top
})

test('a very long text leaves no large memory behind', () => {
  const text = 'é'.repeat(10_000_000)
  equal(text, text)
  assert(memory().byteLength < 4 << 20, `${memory().byteLength} bytes`)
  assert.equal(v1Ring.accessToken(ID), v1Token)
})

test('a getter in an array may call again', () => {
  const tokens = [v1Token, v1Token]
  let inner
  Object.defineProperty(tokens, 1, {
    get() {
      inner = v1Ring.accessToken(ID)
      assert.throws(() => v1Ring.accessToken('no id!'), { code: 'ERR_SANDGATE_SANDBOX_ID' })
      return v1Token
    },
  })
  const { basis } = new Controller(tokens).check({ method: 'GET', target: '/', accessToken: v1Token, now: 1 })
  assert.deepEqual([basis, inner], ['token', v1Token])
  holdsNothing(() => new Controller(tokens))
})

test('a million keys in one loop need no room that grows', () => {
  const [linear, { heapUsed, arrayBuffers }] = [memory().byteLength, process.memoryUsage()]
  for (let made = 0; made < 1_000_000; made++) new v1.FileUrlKey(v1Token)
  const now = process.memoryUsage()
  assert.equal(memory().byteLength, linear)
  const grown = now.heapUsed - heapUsed + now.arrayBuffers - arrayBuffers
  assert(grown < 256 << 20, `${grown} bytes`)
})

test('addresses beyond 31 bits stay positive, and what does not fit is refused by name', () => {
  const require = createRequire(import.meta.url)
  const { Memory } = require(join(dirname(require.resolve('sandgate/package.json')), 'dist/wasm/memory.js'))
  const grown = []
  const grow = (pages) => {
    grown.push(pages)
    throw new RangeError('no more memory')
  }
  const memory = new Memory({ buffer: new ArrayBuffer(65_536), grow })
  for (const [next, length] of [[2 ** 31 - 16, 40], [2 ** 32 - 65_536, 65_536], [16, 2 ** 32]]) {
    memory.next = next
    misused(() => memory.take(length), RangeError, 'ERR_OUT_OF_RANGE')
    assert.equal(memory.next, Math.ceil((next + length) / 16) * 16)
    assert.equal(grown.pop(), Math.ceil((memory.next - 65_536) / 65_536))
  }
})

test('no setter of the caller runs while an answer is read', (t) => {
  const names = ['isOpen', 'keyId', 'handle', 'code', 'text']
  t.after(() => names.forEach((name) => delete Object.prototype[name]))
  for (const name of names) Object.defineProperty(Object.prototype, name, { set: () => assert.fail(name), configurable: true })
  assert.equal(new Controller(v1Token).isOpen, false)
  assert.equal(new v2.TrafficKey(v2Ring.trafficToken(ID)).kid, 'a')
  assert.equal(explain('path=%2Fa', v1Token).code, 'ERR_SANDGATE_MISSING')
})

test('a Proxy is never asked, so nothing is called in the middle of a call', () => {
  const trap = () => assert.fail('a trap ran')
  const proxy = new Proxy({}, { getPrototypeOf: trap, get: trap, has: trap, getOwnPropertyDescriptor: trap })
  const { proxy: revoked, revoke } = Proxy.revocable([], {})
  revoke()
  for (const odd of [proxy, revoked]) {
    holdsNothing(() => misused(() => new v1.Keyring(SEED, odd), TypeError, 'ERR_INVALID_ARG_TYPE'))
    misused(() => equal(odd, 'a'), TypeError, 'ERR_INVALID_ARG_TYPE')
  }
})

test('a call that runs out of stack leaves the next one all of it', () => {
  const top = () => instances.at(-1).exports.__stack_pointer.value
  const before = top()
  const deeper = () => {
    try {
      v1Ring.accessToken(ID)
    } finally {
      deeper()
    }
  }
  assert.throws(deeper, RangeError)
  v1Ring.accessToken(ID)
  assert.equal(top(), before)
})

test('an argument that disposes the object ends the call', () => {
  const controller = new Controller(v1Token)
  const target = '/files?path=/a'
  const accessToken = { get 0() { controller.dispose(); return v1Token }, length: 1 }
  const values = Object.assign([], { length: 1 })
  Object.defineProperty(values, 0, { get: () => accessToken[0] })
  assert.throws(() => controller.check({ method: 'GET', target, accessToken: values }), { code: 'ERR_SANDGATE_DISPOSED' })
})

test('memory that could not be overwritten is, before the next call', (t) => {
  const fill = t.mock.method(Uint8Array.prototype, 'fill', () => { throw new RangeError('no stack') }, { times: 1 })
  assert.throws(() => v1Ring.accessToken(ID), RangeError)
  assert.equal(fill.mock.callCount(), 1)
  const old = instances.at(-1)
  assert(Buffer.from(old.exports.memory.buffer).indexOf(Buffer.from(v1Token)) !== -1)
  holdsNothing(() => equal('a', 'b'))
  assert.notEqual(instances.at(-1), old)
  assert(Buffer.from(old.exports.memory.buffer).every((byte) => byte === 0))
})
