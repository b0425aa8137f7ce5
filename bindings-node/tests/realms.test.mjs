// Two realms that share one addon, as tests of jest do: each gets its own errors and objects, and its fake timers are the clock.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { createContext, runInContext } from 'node:vm'
import FakeTimers from '@sinonjs/fake-timers'
import { TestEnvironment } from 'jest-environment-node'
import * as outside from 'sandgate'
import { END, ID, NOW } from './calls.mjs'
import { thrown } from './outcome.mjs'
import { callsIn } from './realm.mjs'

const globals = { process, Buffer, Request, Response, Headers, URL }
const plain = createContext({ ...globals })

/** The context in which jest runs a test, with the configuration that it reads. */
const projectConfig = { fakeTimers: {}, testEnvironmentOptions: {}, rootDir: import.meta.dirname, globals: {} }
const jest = new TestEnvironment({ projectConfig, globalConfig: {} }, { testPath: 'x', docblockPragmas: {} })
after(() => jest.teardown())

const REALMS = { 'a plain context': plain, 'the context of jest': jest.getVmContext() }

for (const [name, context] of Object.entries(REALMS)) {
  const inside = callsIn(context)
  const own = (code) => runInContext(code, context)
  const [TypeError, RangeError, Error] = own('[TypeError, RangeError, Error]')
  /** An error of the realm with a code, or a refusal of the realm's own class. */
  const isOwn = (error) => {
    assert(error instanceof Error && !(error instanceof globalThis.Error), error?.stack)
    assert.match(error.code, /^ERR_[A-Z0-9_]+$/)
  }

  test(`${name}: the contexts are two realms`, () => {
    assert.notEqual(Error, globalThis.Error)
    assert.notEqual(inside.require('sandgate'), outside)
  })

  test(`${name}: misuse of every argument is an error of the realm`, () => {
    const { TEXT, SDK_TEXT, NUMBERS, TIMES, LIFETIMES } = inside
    const calls = [TEXT, SDK_TEXT, NUMBERS, TIMES, LIFETIMES].flatMap((table) => table.map((row) => row.find((cell) => typeof cell === 'function')))
    assert(calls.length > 110)
    for (const call of calls) {
      const error = thrown(() => call(Symbol('x')))
      isOwn(error)
      assert.equal(error.constructor, TypeError, error.stack)
    }
    const { SandgateError } = inside.require('sandgate')
    let misused = 0
    for (const [, , , call] of TEXT) {
      try {
        call('\ud800')
      } catch (error) {
        isOwn(error)
        if (error instanceof SandgateError) continue
        assert.equal(error.constructor, RangeError, error.stack)
        misused += 1
      }
    }
    assert(misused > 30)
  })

  test(`${name}: errors of JavaScript itself are errors of the realm`, () => {
    const { Policy, v2, Route, forwardHost, explain } = inside.require('sandgate')
    const { guardEdge } = inside.require('sandgate/http')
    for (const call of [
      () => new Policy({ nothing: 1 }),
      () => new Policy(5),
      () => new Policy({ leeway: 301 }),
      () => new v2.Keyring(5),
      () => new v2.Keyring({}),
      () => forwardHost('x', 'y'),
      () => guardEdge(5),
      () => explain('x', []),
      () => new Route('no id!', 5),
      () => inside.V1_KEY.sign({ path: '/a', expiresIn: 5 }),
      () => inside.CONTROLLER.check({ method: 'GET', target: '/files?path=%ff', accessToken: inside.V1_RING.accessToken(ID) }).grant.path,
    ]) {
      isOwn(thrown(call))
    }
  })

  test(`${name}: refusals are errors of the realm`, () => {
    const { SandgateError, CreationRefusedError, decide } = inside.require('sandgate')
    const refused = thrown(() => inside.CONTROLLER.check({ method: 'GET', target: '/metrics' }))
    isOwn(refused)
    assert(refused instanceof SandgateError && !(refused instanceof outside.SandgateError))
    assert.equal(JSON.parse(refused.edgeBody(ID, '/')).code, 401)
    isOwn(thrown(() => refused.edgeBody('no id!', '/')))
    assert(thrown(() => decide({ envdVersion: '0' })) instanceof CreationRefusedError)
  })

  test(`${name}: the other realm has its own errors at the same time`, () => {
    const ring = new outside.v1.Keyring('a seed of at least 16 bytes')
    for (let round = 0; round < 3; round++) {
      assert.equal(thrown(() => ring.accessToken(5)).constructor, globalThis.TypeError)
      assert.equal(thrown(() => inside.V1_RING.accessToken(5)).constructor, TypeError)
      assert.equal(thrown(() => outside.fingerprint(5)).constructor, globalThis.TypeError)
      assert.equal(thrown(() => inside.require('sandgate').fingerprint(5)).constructor, TypeError)
    }
  })

  test(`${name}: returned objects belong to the realm`, () => {
    const { forwardQuery, forwardCookies, forwardHost } = inside.require('sandgate')
    const Uint8Array = own('Uint8Array')
    const target = inside.V1_KEY.url('https://a', { path: Buffer.from('/\xff', 'latin1'), user: Buffer.from([0xfe]) }).slice('https://a'.length)
    const allowed = inside.CONTROLLER.check({ method: 'GET', target })
    const sha256 = inside.V2_KEY.url('https://a', { path: '/a', operation: 'write', expires: END, contentSha256: new Uint8Array(32) })
    const { contentSha256 } = inside.V2_KEY.verifyQuery(sha256.split('?')[1], { operation: 'write', now: NOW })
    const bytes = Buffer.from('a=1')
    for (const array of [
      allowed.grant.pathBytes, allowed.grant.userBytes, contentSha256, forwardQuery(bytes), forwardCookies(bytes), forwardHost(bytes, inside.ROUTE),
    ]) {
      assert(array instanceof Uint8Array)
      assert(array.length > 0)
    }
    const signed = inside.V1_KEY.signed({ path: '/a' })
    for (const object of [allowed, allowed.grant, signed]) assert(object instanceof own('Object'))
  })

  test(`${name}: arguments of the other realm are accepted`, async () => {
    const { V1_KEY, V2_KEY, V1_RING, TRAFFIC, EDGE } = inside
    const { Controller, Policy, v1, v2, Route } = inside.require('sandgate')
    const sign = (path, expires) => V1_KEY.sign({ path, expires })
    assert.equal(sign(Buffer.from('/a'), new Date(END * 1000)), sign('/a', END))
    assert.equal(runInContext('(sign) => sign(Uint8Array.of(47, 97), new Date(1800000060000))', context)(sign), sign('/a', END))
    const token = V1_RING.accessToken(ID)
    for (const tokens of [[token], own('(token) => [token]')(token)]) {
      assert.equal(new Controller(tokens).check({ method: 'GET', target: '/metrics', accessToken: [token] }).basis, 'token')
    }
    assert.equal(String(new Policy({ carriers: ['header'] })), String(new Policy(own('({ carriers: ["header"] })'))))
    const seed = 'a seed of at least 32 bytes, kept secret'
    for (const seeds of [new Map([['a', seed]]), [['a', seed]], { a: seed }]) {
      assert.equal(new v2.Keyring(seeds).accessToken(ID), new v2.Keyring(own('(seed) => new Map([["a", seed]])')(seed)).accessToken(ID))
    }
    assert.equal(new v1.FileUrlKey(Buffer.from(token)).sign({ path: '/a' }), sign('/a'))
    assert.equal(V2_KEY.isValid('x', { path: '/a', expires: new Date(), contentSha256: Buffer.alloc(32) }), false)
    const { guardEdge } = inside.require('sandgate/fetch')
    const trafficToken = TRAFFIC.issuePass(8080, { expires: END })
    const host = `8080-${ID}.e2b.app`
    const request = new Request(`http://${host}/`, { headers: { host, 'e2b-traffic-access-token': trafficToken } })
    for (const promised of [Promise.resolve({ restricted: true }), own('Promise.resolve({ restricted: true })')]) {
      const { passed, route } = await guardEdge(EDGE, () => promised, { clock: () => new Date(NOW * 1000) })(request)
      assert.equal(passed.basis, 'pass')
      assert(route instanceof Route)
    }
  })

  test(`${name}: a guard keeps the message of an error of the other realm`, async () => {
    const { guardController, guardEdge } = inside.require('sandgate/http')
    const message = { method: 'GET', url: '/', rawHeaders: ['Host', `8080-${ID}.e2b.app`], headers: { host: `8080-${ID}.e2b.app` } }
    const failed = (guard) => new Promise((resolve) => guard.middleware(message, {}, resolve))
    const missing = () => readFile('/no such file')
    for (const [throwing, expected] of [
      [() => { throw new globalThis.RangeError('outside') }, { message: 'outside' }],
      [missing, { code: 'ENOENT', message: (await missing().catch((error) => error)).message }],
      [() => { throw { message: 'no error', code: 'X' } }, { message: 'no error', code: 'X' }],
      [() => { throw own('new RangeError("inside")') }, { message: 'inside' }],
      [() => { throw 'a string' }, { message: 'a guard could not decide', cause: 'a string' }],
      [() => { throw null }, { message: 'a guard could not decide', cause: null }],
    ]) {
      const error = await failed(guardEdge(inside.EDGE, throwing))
      assert(error instanceof Error)
      for (const [key, value] of Object.entries(expected)) assert.equal(error[key], value)
    }
    const misused = await failed(guardController(inside.CONTROLLER, { clock: () => 'noon' }))
    isOwn(misused)
    assert.equal(misused.message, 'now: must be a number or a bigint')
  })
}

const FAKES = {
  'fake timers of jest': [jest.getVmContext(), (now) => (jest.fakeTimersModern.useFakeTimers(), jest.fakeTimersModern.setSystemTime(now)), () => jest.fakeTimersModern.useRealTimers()],
  'fake timers of sinon in a context': fakeTimersOf(plain),
}

function fakeTimersOf(context) {
  let clock
  const start = (now) => {
    clock = FakeTimers.withGlobal(runInContext('globalThis', context)).install({ now, toFake: ['Date'] })
  }
  return [context, start, () => clock.uninstall()]
}

for (const [name, [context, start, stop]] of Object.entries(FAKES)) {
  test(`${name} are the clock`, () => {
    const { V1_KEY, V2_KEY, CONTROLLER } = callsIn(context)
    for (const key of [V1_KEY, V2_KEY]) {
      start(NOW * 1000 + 999)
      try {
        const { signature, expires } = key.signed({ path: '/a', expiresIn: 60 })
        assert.equal(expires, END)
        key.verify(signature, { path: '/a', expires })
        stop()
        start((END + 1) * 1000)
        assert.equal(thrown(() => key.verify(signature, { path: '/a', expires })).code, 'ERR_SANDGATE_EXPIRED')
        const target = V1_KEY.url('https://a', { path: '/a', expires: END }).slice('https://a'.length)
        assert.equal(thrown(() => CONTROLLER.check({ method: 'GET', target })).code, 'ERR_SANDGATE_EXPIRED')
      } finally {
        stop()
      }
    }
  })
}
