// What the page says of a pasted text, without a browser.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect, MAX_TEXT } from '../src/inspection.js'
import { END, host, ID, NOW, pass, ROOT, SEED, TRAFFIC_TOKEN, V1_TOKEN, v1Url, V2_TOKEN, v2Url } from './given.mjs'

const NO_SECRET = { text: '', isSeed: false, sandboxId: '', keyId: '', generation: 0 }
const token = (text) => ({ ...NO_SECRET, text })
const seed = (more) => ({ ...NO_SECRET, text: SEED, isSeed: true, ...more })
const asked = (text, secret = NO_SECRET, more) => ({ text, secret, operation: '', port: undefined, context: '', now: NOW, ...more })
const look = (...of) => inspect(asked(...of))
const value = (seen, name) => seen.fields.find((field) => field.name === name)?.value

test('each kind has its title, format and fields', () => {
  const rows = [
    [v1Url(), 'A signed file URL', 'Format v1', { Path: '/home/user/a.txt', Sandbox: ID, Port: '49983' }],
    [v2Url({ user: '' }), 'A signed file URL', 'Format v2', { User: '(empty)', 'Key id': 'a' }],
    [pass(), 'A traffic pass', 'Format v2', { Port: '8080', 'Key id': 'a' }],
    [host(), 'A signed host', 'Format v2', { Port: '8080', Sandbox: ID }],
    [`8080-${ID}.e2b.app`, 'A host without a signature', '', { Port: '8080', Sandbox: ID }],
    [V2_TOKEN, 'An access token', 'Format v2', { 'Key id': 'a' }],
    [TRAFFIC_TOKEN, 'A traffic token', 'Format v2', { 'Key id': 'a' }],
    [ROOT, 'A traffic root', 'Format v2', { 'Key id': 'a' }],
    [V1_TOKEN, 'A token of a sandbox', 'Format v1', {}],
    ['hello', 'Unknown text', '', {}],
  ]
  for (const [text, title, format, fields] of rows) {
    const seen = look(` ${text}\n`)
    assert.equal(seen.title, title)
    assert(format === '' ? seen.format === '' : seen.format.startsWith(format), seen.format)
    for (const [name, wanted] of Object.entries(fields)) assert.equal(value(seen, name), wanted, `${title}: ${name}`)
  }
  assert.equal(look('  \n'), undefined)
})

test('tokens show their fingerprint and never themselves', () => {
  for (const secret of [V1_TOKEN, V2_TOKEN, TRAFFIC_TOKEN, ROOT]) {
    const seen = look(secret)
    assert.match(value(seen, 'Fingerprint'), /^[0-9a-f]{8}$/)
    assert(!JSON.stringify(seen).includes(secret))
  }
})

test('limits of an upload are rows', () => {
  const contentSha256 = new Uint8Array(32).fill(171)
  const seen = look(v2Url({ operation: 'write', directory: '/home/user/', maxBytes: 1048576, contentSha256 }))
  assert.equal(value(seen, 'At most'), '1,048,576 bytes')
  assert.equal(value(seen, 'SHA-256 of the content'), 'ab'.repeat(32))
  assert.equal(value(seen, 'Directory'), '/home/user/')
  assert.match(seen.fields.find(({ name }) => name === 'Path').note, /not signed/)
})

test('URL of v1 without an end never expires', () => {
  assert.deepEqual([look(v1Url()).endless, look(v1Url()).expires], [true, undefined])
  assert.deepEqual([look(v1Url({ expires: END })).endless, look(v1Url({ expires: END })).expires], [false, END])
})

test('right secret verifies every kind', () => {
  const root = { ...token(ROOT), sandboxId: ID }
  const rows = [
    [v1Url(), token(V1_TOKEN)],
    [v1Url(), seed()],
    [v2Url(), token(V2_TOKEN)],
    [v2Url({ operation: 'write', maxBytes: 7 }), seed()],
    [pass(), token(TRAFFIC_TOKEN)],
    [pass(), seed({ sandboxId: ID })],
    [pass(), root],
    [host(), token(TRAFFIC_TOKEN)],
    [host(), seed()],
    [host(), token(ROOT)],
    [V1_TOKEN, seed({ sandboxId: ID })],
    [V2_TOKEN, seed({ sandboxId: ID })],
    [TRAFFIC_TOKEN, root],
    [ROOT, seed()],
  ]
  for (const [text, secret] of rows) {
    const { title, verdict } = look(text, secret)
    assert.equal(verdict.state, 'right', `${title}: ${verdict.headline}: ${verdict.detail}`)
  }
})

test('the operation is told by the secret', () => {
  assert.match(look(v2Url({ operation: 'write' }), token(V2_TOKEN)).verdict.detail, /an upload \(write\)/)
  assert.match(look(v2Url(), token(V2_TOKEN)).verdict.detail, /a download \(read\)/)
  const { verdict } = look(v2Url(), token(V2_TOKEN), { operation: 'write' })
  assert.deepEqual([verdict.state, verdict.differs], ['wrong', { name: 'operation', value: 'read' }])
})

test('wrong secret is wrong, and no field is blamed', () => {
  const others = [
    [v1Url(), token('another token')],
    [v1Url(), seed({ text: 'another seed of at least 32 bytes' })],
    [v2Url(), seed({ generation: 1 })],
    [pass(), seed({ sandboxId: 'abc' })],
    [host(), seed({ text: 'another seed of at least 32 bytes' })],
    [V1_TOKEN, seed({ sandboxId: 'abc' })],
    [V2_TOKEN, seed({ sandboxId: ID, generation: 1 })],
    [TRAFFIC_TOKEN, seed({ sandboxId: 'abc' })],
    [ROOT, seed({ text: 'another seed of at least 32 bytes' })],
  ]
  for (const [text, secret] of others) {
    const { title, verdict } = look(text, secret)
    assert.deepEqual([verdict.state, verdict.differs], ['wrong', undefined], title)
  }
  assert.match(look(v1Url(), token('x')).verdict.answer, /^A controller answers 401: invalid signature$/)
})

test('right secret names the field that would have to differ', () => {
  const context = { context: '203.0.113.7' }
  const rows = [
    [v1Url({ user: 'root' }).replace('username=root', 'username=ROOT'), token(V1_TOKEN), {}, ['username', 'root']],
    [v2Url({ maxBytes: 7, operation: 'write', user: 'user' }).replace('=user', '=root'), token(V2_TOKEN), {}, ['username', 'user']],
    [v2Url({ operation: 'write', user: 'user' }).replace('=user', '=root'), token(V2_TOKEN), {}, ['username', 'user']],
    [v2Url().replace('v2.a.', 'v2.b.'), token(V2_TOKEN), {}, ['key id', 'a']],
    [v2Url(), token(V2_TOKEN), context, ['context', '(absent)']],
    [pass().replace('8080', '9090'), token(TRAFFIC_TOKEN), { port: 8080 }, ['port', '8080']],
    [pass(), token(TRAFFIC_TOKEN), context, ['context', '(absent)']],
    [host().replace('8080-', '9090-'), token(TRAFFIC_TOKEN), { port: 8080 }, ['port', '8080']],
    [host().replace(ID, 'abc'), { ...token(TRAFFIC_TOKEN), sandboxId: ID }, {}, ['sandbox id', ID]],
  ]
  for (const [text, secret, more, [name, value]] of rows) {
    const { title, verdict } = look(text, secret, more)
    assert.deepEqual([verdict.state, verdict.differs], ['wrong', { name, value }], title)
  }
})

test('expired, too long, out of scope: the signature is right all the same', () => {
  for (const [text, secret] of [[v1Url({ expires: END }), V1_TOKEN], [v2Url(), V2_TOKEN], [pass(), TRAFFIC_TOKEN], [host(), TRAFFIC_TOKEN]]) {
    assert.equal(look(text, token(secret), { now: END }).verdict.state, 'right')
    const { verdict } = look(text, token(secret), { now: END + 1 })
    assert.deepEqual([verdict.state, verdict.headline], ['late', 'The signature is right, and it has expired'])
  }
  assert.match(look(v2Url({ expires: NOW + 1e7 }), token(V2_TOKEN)).verdict.headline, /lasts too long/)
  assert.match(look(pass(), token(TRAFFIC_TOKEN), { port: 9090 }).verdict.headline, /does not reach so far/)
})

test('what is lacking or of another kind is said, and no secret with it', () => {
  const rows = [
    [pass(), seed(), /Enter the sandbox id/],
    [V1_TOKEN, token('x'), /Only a seed derives it/],
    [v2Url(), token(TRAFFIC_TOKEN), /traffic token/],
    [v2Url(), token(V1_TOKEN), /v1/],
    [v1Url(), seed({ text: 'short' }), /at least 16 bytes/],
    [pass(), token(V2_TOKEN), /access token/],
  ]
  for (const [text, secret, words] of rows) {
    const { verdict } = look(text, secret)
    assert.equal(verdict.state, 'open', verdict.headline)
    assert.match(verdict.detail, words)
    assert(!JSON.stringify(verdict).includes(secret.text))
  }
})

test('garbage is described, and shown without what hides', () => {
  const rubbish = ['\0', '\ud800', '<script>alert(1)</script>', '%', '?signature', '?signature=v2.', 'sg2p.', '://', '='.repeat(9)]
  for (const text of rubbish) {
    for (const secret of [NO_SECRET, token('x'), seed()]) assert.equal(typeof look(text, secret).title, 'string')
  }
  const hidden = look(v1Url({ path: '/a\u202egnp.exe\0\u200b' }))
  assert.equal(value(hidden, 'Path'), '/a%E2%80%AEgnp.exe%00%E2%80%8B')
  assert.equal(value(look(v1Url({ path: '/a\u202egnp.exe' })), 'Path'), '/a\\u{202e}gnp.exe')
  assert.match(look('x'.repeat(MAX_TEXT + 1)).note, /It was not read/)
  assert.equal(look('x'.repeat(MAX_TEXT)).note.includes('not read'), false)
  assert(value(look(v1Url({ path: `/${'a'.repeat(9000)}` })), 'Path').length < 2100)
})
