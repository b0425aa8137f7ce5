// What the form signs is what the packages verify.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countdown } from '../src/countdown.js'
import { inspect } from '../src/inspection.js'
import { make } from '../src/making.js'
import { ID, NOW, SEED, TRAFFIC_TOKEN, V1_TOKEN, V2_TOKEN } from './given.mjs'

const secret = { text: '', isSeed: false, sandboxId: ID, keyId: 'a', generation: 0 }
const seed = { ...secret, text: SEED, isSeed: true }
const WANTED = {
  kind: 'file_url',
  format: 'v2',
  operation: 'read',
  path: '/home/user/é.txt',
  user: '',
  directory: '',
  maxBytes: undefined,
  port: 8080,
  context: '',
  lifetime: 60,
  domain: 'e2b.app',
  secret: seed,
  now: NOW,
}

test('everything that is made verifies, and its fields are those of the form', () => {
  const context = '203.0.113.7'
  const rows = [
    [{ format: 'v1' }],
    [{ format: 'v1', secret: { ...secret, text: V1_TOKEN }, user: 'root', operation: 'write' }],
    [{}],
    [{ secret: { ...secret, text: V2_TOKEN }, operation: 'write', directory: '/home/user/', maxBytes: 9, context }, { context }],
    [{ kind: 'pass' }],
    [{ kind: 'pass', secret: { ...secret, text: TRAFFIC_TOKEN }, context }, { context }],
    [{ kind: 'signed_host' }],
  ]
  for (const [change, more] of rows) {
    const wanted = { ...WANTED, ...change }
    const given = { operation: '', port: undefined, context: '', now: NOW, ...more }
    const seen = inspect({ text: make(wanted), secret: wanted.secret, ...given })
    assert.equal(seen.verdict.state, 'right', `${wanted.kind}: ${seen.verdict.detail}`)
    assert.equal(seen.expires, NOW + 60)
    const shown = Object.fromEntries(seen.fields.map(({ name, value }) => [name, value]))
    const limits = [shown.User ?? '', shown.Directory ?? '', shown['At most']]
    assert.deepEqual(limits, [wanted.user, wanted.directory, wanted.maxBytes && `${wanted.maxBytes} bytes`])
  }
})

test('what cannot be signed is refused by core, in its words', () => {
  assert.throws(() => make({ ...WANTED, path: '' }), /path/)
  assert.throws(() => make({ ...WANTED, kind: 'pass', port: 49983 }), /controller/)
  assert.throws(() => make({ ...WANTED, secret: { ...seed, sandboxId: '' } }), /Enter the sandbox id/)
  assert.throws(() => make({ ...WANTED, secret: { ...seed, keyId: '' } }), /Enter the key id/)
  assert.throws(() => make({ ...WANTED, maxBytes: 7 }), /limit|maxBytes/)
})

test('the clock counts down until the last second is over', () => {
  const at = (seconds) => countdown(NOW, (NOW + seconds) * 1000)
  assert.deepEqual(at(-3725), { isOver: false, clock: '1 h 2 min 6 s left', at: '2027-01-15 08:00:00 UTC' })
  assert.equal(at(0).clock, '1 s left')
  assert.equal(countdown(NOW, NOW * 1000 + 999).isOver, false)
  assert.deepEqual([at(1).isOver, at(1).clock], [true, 'expired 1 s ago'])
  assert.equal(at(-3 * 86400).clock, '3 d 0 h 0 min left')
  assert.match(countdown(2n ** 62n, NOW * 1000).at, /beyond any calendar/)
  assert.equal(countdown(-(2n ** 62n), NOW * 1000).isOver, true)
})
