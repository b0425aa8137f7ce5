// What the page says of a pasted webhook, without a browser.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { inspect } from '../src/inspection.js'
import { make } from '../src/making.js'
import { NOW, pasted, WEBHOOK_BODY, WEBHOOK_SECRET } from './given.mjs'

const secret = (text) => ({ text, isSeed: false, sandboxId: '', keyId: '', generation: 0 })
const look = (text, of = WEBHOOK_SECRET) => inspect({ text, secret: secret(of), operation: '', port: undefined, context: '', now: NOW })

test('webhook is told by its header, and shows signature, version and length', () => {
  const { title, fields, verdict } = look(pasted(), '')
  assert.deepEqual([title, verdict], ['A webhook', undefined])
  const values = Object.fromEntries(fields.map(({ name, value }) => [name, value]))
  assert.deepEqual(values, { Signature: '3HX+9ZpU3ubwOg4c/I4RJjxNMUgwgml8y+a87MvYWJA', Version: 'v1', Body: `${WEBHOOK_BODY.length} bytes` })
  assert.equal(look(`\n${pasted().split('\n').slice(1).join('\r\n')}`).verdict.state, 'right')
  for (const text of ['e2b-signature', 'content-type: a\n\nbody', 'not a header\ne2b-signature: x\n\nbody', WEBHOOK_BODY]) {
    assert.notEqual(look(text).title, 'A webhook', text)
  }
})

test('right secret verifies, with an empty body too', () => {
  assert.equal(look(pasted()).verdict.state, 'right')
  const { signature } = /: (?<signature>\S{43})/.exec(make({ kind: 'webhook', body: '', secret: secret(WEBHOOK_SECRET) })).groups
  assert.equal(look(`e2b-signature: ${signature}`).verdict.state, 'right')
})

test('what would have to differ is said', () => {
  const hmac = createHmac('sha256', WEBHOOK_SECRET).update(WEBHOOK_BODY).digest('hex')
  const rows = [
    [pasted({ signature: `sha256=${hmac}` }), /prefix.*hexadecimal.*HMAC-SHA256/, /answers 400/],
    [pasted({ version: 'v2' }), /the version is not v1/, /answers 400/],
    [pasted({ body: `${WEBHOOK_BODY}\n` }), /without its trailing line ends/, /answers 401: invalid webhook signature/],
    [pasted({ body: JSON.stringify(JSON.parse(WEBHOOK_BODY), null, 2) }), /parsed it and written it again/, /answers 401/],
    [pasted({ signature: '' }), /no header e2b-signature/, /answers 401/],
    [`e2b-signature: x\n${pasted().split('\n').slice(1).join('\n')}`, /a header is given more than once/, /answers 400/],
  ]
  for (const [text, words, answer] of rows) {
    const { verdict } = look(text)
    assert.equal(verdict.state, 'wrong')
    assert.match(verdict.detail, words)
    assert.match(verdict.answer, answer)
    assert(!JSON.stringify(verdict).includes(WEBHOOK_SECRET))
  }
  assert.match(look(pasted(), 'another secret of a webhook').verdict.detail, /not that of this body under this secret\.$/)
})

test('short secret cannot verify, and is not shown', () => {
  const { verdict } = look(pasted(), 'short one')
  assert.equal(verdict.state, 'open')
  assert.match(verdict.detail, /at least 16 bytes/)
  assert(!JSON.stringify(verdict).includes('short one'))
})

test('what the form makes verifies', () => {
  for (const body of ['', WEBHOOK_BODY, 'two\n\nparagraphs\n', '\u00e4']) {
    assert.equal(look(make({ kind: 'webhook', body, secret: secret(WEBHOOK_SECRET) })).verdict.state, 'right', body)
  }
  assert.throws(() => make({ kind: 'webhook', body: '', secret: secret('short') }), /at least 16 bytes/)
})
