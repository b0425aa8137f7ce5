// What a verifier accepts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Policy } from 'sandgate'
import { misused } from './outcome.mjs'

const shown = (options) => String(new Policy(options))

test('a policy shows what it accepts', () => {
  assert.equal(shown(), 'Policy <v1, v2; header, host; leeway 0, maxLifetime 604800>')
  const options = { versions: ['v1'], carriers: ['cookie', 'header'], leeway: 300, maxLifetime: 60 }
  assert.equal(shown(options), 'Policy <v1; header, cookie; leeway 300, maxLifetime 60>')
  assert.equal(inspect(new Policy(options)), shown(options))
  assert.equal(inspect({ policy: new Policy(options) }), `{ policy: ${shown(options)} }`)
})

test('a policy starts with another one', () => {
  assert.equal(shown({ base: Policy.V2_ALONE }), String(Policy.V2_ALONE))
  assert.equal(shown({ base: null }), shown())
  const mine = new Policy({ leeway: 30, carriers: ['cookie'] })
  assert.equal(shown({ base: mine }), String(mine))
  assert.equal(shown({ base: mine, leeway: 0 }), 'Policy <v1, v2; cookie; leeway 0, maxLifetime 604800>')
  assert.notEqual(String(Policy.E2B_SDKS), String(Policy.V2_ALONE))
  assert(Object.isFrozen(mine) && Object.isFrozen(Policy.V2_ALONE))
})

test('out of range values are refused by name', () => {
  misused(() => new Policy({ leeway: 301 }), RangeError, 'ERR_SANDGATE_LEEWAY', 'leeway')
  misused(() => new Policy({ leeway: -1 }), RangeError, 'ERR_OUT_OF_RANGE', 'leeway')
  misused(() => new Policy({ maxLifetime: 2 ** 32 }), RangeError, 'ERR_OUT_OF_RANGE', 'maxLifetime')
})
