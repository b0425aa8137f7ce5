// An object of every public class, and every answer, shows nothing of a secret.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import * as sandgate from 'sandgate'
import * as v1 from 'sandgate/v1'
import * as v2 from 'sandgate/v2'
import { CONTROLLER, EDGE, RESTRICTED, ROUTE, SECRETIVE, SECRETS, TRAFFIC_TOKEN, V1_KEY, V1_TOKEN, V2_TOKEN } from './calls.mjs'

const query = V1_KEY.url('https://a', { path: '/a' }).split('?')[1]
const allowed = CONTROLLER.check({ method: 'GET', target: `/files?${query}`, accessToken: V1_TOKEN, now: 1 })
const OBJECTS = [
  ...SECRETIVE,
  allowed,
  allowed.grant,
  EDGE.check(ROUTE, RESTRICTED, { method: 'GET', target: '/', trafficToken: TRAFFIC_TOKEN, now: 1 }),
  sandgate.explain(query, V2_TOKEN),
  sandgate.describe(query),
  sandgate.describe(V2_TOKEN),
  new sandgate.Policy(),
  ROUTE,
]

test('every public class is here', () => {
  const isClass = (value) => typeof value === 'function' && /^class/.test(Function.prototype.toString.call(value))
  const all = [sandgate, v1, v2, sandgate.webhook, sandgate.wake].flatMap((module) => Object.values(module)).filter(isClass)
  const holders = all.filter((one) => !(one.prototype instanceof Error))
  assert(holders.length >= 10)
  assert.deepEqual(holders.filter((one) => !OBJECTS.some((made) => made instanceof one)), [])
})

test('no object shows a secret', () => {
  for (const made of OBJECTS) {
    // `presented` of a description is the credential that was given: only who asks for it gets it.
    const getters = !('presented' in made)
    const shown = inspect(made, { showHidden: true, depth: 9, getters }) + JSON.stringify(made) + String(made)
    for (const secret of SECRETS) {
      for (let at = 0; at + 8 < secret.length; at += 8) assert(!shown.includes(secret.slice(at, at + 8)), made.constructor.name)
    }
  }
})
