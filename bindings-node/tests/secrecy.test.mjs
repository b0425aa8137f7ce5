// Objects that hold a secret do not show it.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { SandgateError } from 'sandgate'
import { SDK_TEXT, SECRETIVE, SECRETS, TEXT } from './calls.mjs'

for (const object of SECRETIVE) {
  test(`${object.constructor.name} shows only its name`, () => {
    assert.equal(inspect(object), `${object.constructor.name} {}`)
    const everything = inspect(object, { showHidden: true, depth: 9, showProxy: true, getters: true })
    assert(!SECRETS.some((secret) => everything.includes(secret)))
    assert.equal(JSON.stringify({ object }), '{"object":{}}')
    assert.equal(String(object), '[object Object]')
    assert.deepEqual(structuredClone(object), {})
    assert.deepEqual(deserialize(serialize(object)), {})
    assert.deepEqual(Reflect.ownKeys(object), [])
    assert.deepEqual({ ...object }, {})
    assert(Object.isFrozen(object))
  })

  test(`${object.constructor.name} does not expose its native functions`, () => {
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(object))) {
      const method = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(object), name).value
      if (name === 'constructor' || method === undefined) continue
      for (const stranger of [{}, Object.create(object), new Proxy(object, {})]) {
        assert.throws(() => method.call(stranger, { path: 'x' }, { path: 'x' }, {}), TypeError)
      }
    }
  })
}

/** Not even an almost right value, such as a token with a stray character. */
for (const [label, , right, call] of [...TEXT, ...SDK_TEXT]) {
  test(`${label}: no error shows the value`, () => {
    const marked = `MARK-${right}-MARK\n`
    for (const value of [marked, Buffer.from(marked), [[marked]], { [marked]: marked }, Symbol(marked), `${marked}\ud800`]) {
      try {
        call(value)
      } catch (error) {
        const told = [inspect(error, { showHidden: true, depth: 9 }).replaceAll(/at .*/g, ''), JSON.stringify(error), String(error)]
        assert(error instanceof SandgateError || error.code !== undefined, error.stack)
        assert(![...SECRETS, 'MARK'].some((secret) => told.some((text) => text.includes(secret))), told[0])
        assert.equal(error.cause, undefined)
      }
    }
  })
}
