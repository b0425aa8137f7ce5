// What no server passes, but some framework, adapter or middleware may: each is a refusal, or an error that names the argument.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Controller } from 'sandgate'
import * as fetchGuards from 'sandgate/fetch'
import * as httpGuards from 'sandgate/http'
import { ID, V1_TOKEN } from './calls.mjs'
import { edge, lookup } from './http_apps.mjs'

const HOST = `8080-${ID}.sandbox.test`
const BARE = Object.create(null)
const trap = () => {
  throw new RangeError('a trap')
}
const TRAPS = new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap })
const ODD = [
  undefined, null, 5, 5n, NaN, '', 'x', Symbol('s'), () => 1, {}, BARE, TRAPS, [], ['a'], [5, 'x'], ['host'],
  ...[5, {}, BARE, Symbol('s'), [BARE]].flatMap((value) => [['host', value], { host: value }, { Host: value }]),
]
const guards = ({ guardController, guardEdge }) => ({ controller: guardController(new Controller(V1_TOKEN)), edge: guardEdge(edge(), lookup) })

function isStable(outcome, what) {
  if (typeof outcome === 'number') assert(outcome >= 400 && outcome < 500, `${what}: ${outcome}`)
  else assert.deepEqual([outcome?.name, outcome?.code], ['TypeError', 'ERR_INVALID_ARG_TYPE'], `${what}: ${outcome?.stack ?? outcome}`)
}

/** The status of the answer, or what the middleware passes on: without a token nothing may be allowed. */
function asked(middleware, request) {
  return new Promise((done) => {
    const response = { on() {}, writeHead: done, end() {} }
    middleware(request, response, (error = 'allowed') => done(error))
  })
}

for (const [name, guard] of Object.entries(guards(httpGuards))) {
  test(`http, ${name}: each odd property`, async () => {
    for (const property of ['method', 'url', 'rawHeaders', 'headers', 'originalUrl', 'originalMethod', 'baseUrl', 'stream', 'authority']) {
      for (const [at, value] of ODD.entries()) {
        const request = { method: 'GET', url: '/metrics', rawHeaders: ['Host', HOST], headers: { host: HOST }, [property]: value }
        isStable(await asked(guard.middleware, request), `${property} ${at}`)
      }
    }
  })

  test(`http, ${name}: what is no request`, async () => {
    for (const value of [undefined, null, 5, 'x', Symbol('s')]) {
      isStable(await asked(guard.middleware, value), String(value))
      for (const request of [value, { raw: value }]) isStable(await guard.hook(request, {}).catch((error) => error), String(value))
    }
  })
}

for (const [name, guard] of Object.entries(guards(fetchGuards))) {
  const outcome = async (request) => {
    try {
      const checked = await guard(request)
      return checked instanceof Response ? checked.status : 'allowed'
    } catch (error) {
      return error
    }
  }

  test(`fetch, ${name}: each odd property, and what is no request`, async () => {
    for (const [at, value] of ODD.entries()) {
      isStable(await outcome(value), `request ${at}`)
      for (const property of ['method', 'url', 'headers']) {
        const request = Object.defineProperty(new Request(`http://${HOST}/metrics`), property, { value })
        isStable(await outcome(request), `${property} ${at}`)
      }
    }
  })
}
