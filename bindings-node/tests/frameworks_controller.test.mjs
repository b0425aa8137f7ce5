// The answers of a controller's app over HTTP, on every framework.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import { V1_RING, V1_TOKEN, V2_KEY, V2_TOKEN } from './calls.mjs'
import { CONTROLLERS } from './http_apps.mjs'

const HEADER = [['X-Access-Token', V1_TOKEN]]
const WRONG = [['X-Access-Token', V1_RING.accessToken('another')]]

const NO_TOKEN = [401, 'unauthorized access, please provide a valid access token or method signing if supported']
const WRONG_TOKEN = [401, 'access token present in header but does not match']
const NO_SIGNATURE = [401, 'missing signature query parameter']
const WRONG_SIGNATURE = [401, 'invalid signature']
const EXPIRED = [401, 'signature is already expired']
const MALFORMED = [400, 'malformed request']

/** As the SDKs make it. */
function v1Signature(path, operation = 'read', user = '', expires = undefined) {
  const message = [path, operation, user, V1_TOKEN, ...(expires === undefined ? [] : [expires])].join(':')
  return `v1_${createHash('sha256').update(message).digest('base64').replace(/=+$/, '')}`
}

const v1Target = (path, operation = 'read', route = '/files') =>
  `${route}?path=${encodeURIComponent(path)}&signature=${encodeURIComponent(v1Signature(path, operation))}`
const v2Target = (path, operation = 'read', more = {}) => V2_KEY.url('https://a', { path, operation, expiresIn: 60, ...more }).slice('https://a'.length)

const granted = (answer) => JSON.parse(answer.headers['x-granted'])

function isRefused(answer, [status, message]) {
  assert.deepEqual([answer.status, answer.json], [status, { code: status, message }])
  assert.equal(answer.headers['content-type'], 'application/json')
}

// The last column: the framework whose app cannot see this target. Hono's server resolves dot segments, Fastify requires UTF-8.
const REFUSALS = [
  ['GET', '/metrics', [], NO_TOKEN],
  ['GET', '/metrics', [['X-Access-Token', '']], NO_TOKEN],
  ['GET', '/metrics', WRONG, NO_TOKEN],
  ['GET', '/metrics', [['X-Access-Token', V1_TOKEN.slice(1)]], NO_TOKEN],
  ['GET', v1Target('/a', 'read', '/metrics'), [], NO_TOKEN],
  ['HEAD', v1Target('/a'), [], NO_TOKEN],
  ['PUT', v1Target('/a', 'write'), [], NO_TOKEN],
  ['GET', v1Target('/a', 'read', '/files/'), [], NO_TOKEN],
  ['GET', v1Target('/a', 'read', '/FILES'), [], NO_TOKEN],
  ['GET', v1Target('/a', 'read', '//files'), [], NO_TOKEN],
  ['GET', v1Target('/a', 'read', '/%2566iles'), [], NO_TOKEN],
  // The apps are catch-alls, which would route these by their decoded form.
  ['GET', v1Target('/a', 'read', '/%66iles'), [], NO_TOKEN],
  ['GET', v1Target('/a', 'read', '/file%73'), [], NO_TOKEN],
  ['GET', '/%68ealth', [], NO_TOKEN],
  ['GET', '/healt%68?x', [], NO_TOKEN],
  ['POST', '/%69nit', [], NO_TOKEN],
  ['POST', '/%69%6e%69%74', [], NO_TOKEN],
  ['GET', v1Target('/a', 'read', '/x/../files'), [], NO_TOKEN, 'hono'],
  ['POST', v1Target('/a', 'write', '/files/compose'), [], NO_TOKEN],
  ['POST', '/health', [], NO_TOKEN],
  ['GET', '/health%00', [], NO_TOKEN],
  ['GET', '/health;x', [], NO_TOKEN],
  ['GET', '/%ff', [], NO_TOKEN, 'fastify'],
  ['GET', '/%C3%A9', [], NO_TOKEN],
  ['OPTIONS', '/metrics', [], NO_TOKEN],
  ['GET', '/files?path=%2Fa', [], NO_SIGNATURE],
  ['GET', v1Target('/a'), WRONG, WRONG_TOKEN],
  ['GET', '/files?path=%2Fa&signature=', [], WRONG_SIGNATURE],
  ['GET', v1Target('/a').replace('%2Fa', '%2Fb'), [], WRONG_SIGNATURE],
  ['GET', v1Target('/a', 'write'), [], WRONG_SIGNATURE],
  ['POST', v1Target('/a'), [], WRONG_SIGNATURE],
  ['GET', `${v1Target('/a')}&username=root`, [], WRONG_SIGNATURE],
  ['GET', `/files?path=/a&signature_expiration=10&signature=${encodeURIComponent(v1Signature('/a', 'read', '', 10))}`, [], EXPIRED],
  ['GET', `${v1Target('/a')}&path=/a`, [], MALFORMED],
  ['GET', `${v1Target('/a')}&%70ath=/a`, [], MALFORMED],
  ['GET', `${v1Target('/a')}&signature=x`, HEADER, MALFORMED],
  ['GET', '/files?path=%zz', HEADER, MALFORMED],
]

for (const [framework, start] of Object.entries(CONTROLLERS)) {
  const [v1, v2] = [await start('v1'), await start('v2')]
  after(() => Promise.all([v1.close(), v2.close()]))
  const calls = async () => (await v1.ask('GET', '/calls', HEADER)).json.calls

  test(`${framework}: a refusal has the spec's answer and does not reach the app`, async () => {
    for (const [method, target, headers, refusal, unseen] of REFUSALS) {
      if (unseen === framework) continue
      const before = await calls()
      const answer = await v1.ask(method, target, headers)
      if (method === 'HEAD') {
        assert.deepEqual([answer.status, answer.text], [refusal[0], ''])
        assert(Number(answer.headers['content-length']) > 0)
      } else isRefused(answer, refusal)
      assert.equal(await calls(), before + 1, target)
    }
  })

  test(`${framework}: an undecodable path is refused`, async () => {
    const answer = await v1.ask('GET', '/%zz', HEADER)
    if (framework === 'fastify') assert.deepEqual([answer.status, answer.json.code], [400, 'FST_ERR_BAD_URL'])
    else isRefused(answer, MALFORMED)
  })

  test(`${framework}: exempt routes need no token`, async () => {
    assert.equal((await v1.ask('GET', '/health')).status, 204)
    assert.equal((await v1.ask('GET', '/health?x=1')).status, 204)
    assert.equal((await v1.ask('POST', '/init', [], '{}')).json.basis, 'exempt')
    // The path as received: a catch-all app would route it there.
    isRefused(await v1.ask('GET', '/%68ealth?x=1'), NO_TOKEN)
    isRefused(await v1.ask('POST', '/%69nit', [], '{}'), NO_TOKEN)
  })

  test(`${framework}: only the right token is accepted`, async () => {
    for (const target of ['/metrics', '/a%2Fb%20c%C3%A9', '//a']) {
      for (const name of ['X-Access-Token', 'x-aCCESS-tOKEN']) assert.equal((await v1.ask('DELETE', target, [[name, V1_TOKEN]])).json.basis, 'token')
      isRefused(await v1.ask('DELETE', target), NO_TOKEN)
    }
  })

  test(`${framework}: a repeated token is refused`, async () => {
    const empty = [['X-Access-Token', '']]
    for (const headers of [[...HEADER, ...HEADER], [...HEADER, ...WRONG], [...WRONG, ...HEADER], [...empty, ...HEADER], [...HEADER, ...empty]]) {
      isRefused(await v1.ask('GET', '/metrics', headers), MALFORMED)
      isRefused(await v1.ask('GET', v1Target('/a'), headers), MALFORMED)
    }
  })

  test(`${framework}: the app gets the signed path in every spelling`, async () => {
    for (const path of ['/a b+c.txt', '/ö/日本.txt', '/a%2Fb', '/a&b=c;d#e?f', '/a//../b', 'a:b', "/\u00a0'(~*)"]) {
      const content = path.repeat(2)
      const signature = encodeURIComponent(v1Signature(path, 'write'))
      const percent = [...Buffer.from(path)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
      for (const value of [encodeURIComponent(path), String(new URLSearchParams({ path })).slice(5), percent]) {
        const answer = await v1.ask('POST', `/files?signature=${signature}&&x&pat%68=${value}`, [], content)
        assert.deepEqual(granted(answer), { basis: 'signature', operation: 'write', path })
        assert.equal((await v1.ask('GET', v1Target(path))).text, content)
        isRefused(await v1.ask('POST', `/%66iles?signature=${signature}&path=${value}`, [], content), NO_TOKEN)
      }
    }
  })

  test(`${framework}: the app gets user and expiry`, async () => {
    const end = Math.floor(Date.now() / 1000) + 60
    const signature = encodeURIComponent(v1Signature('/u', 'write', 'björn', end))
    const answer = await v1.ask('POST', `/files?path=%2Fu&username=bj%C3%B6rn&signature_expiration=${end}&signature=${signature}`, [], 'x')
    assert.deepEqual([granted(answer).user, granted(answer).expires], ['björn', end])
  })

  test(`${framework}: the token grants what the query asks for`, async () => {
    assert.equal(granted(await v1.ask('POST', '/files?path=%2Ft+t', HEADER, 'x')).path, '/t t')
    const answer = await v1.ask('GET', '/files?path=%2Ft+t&username=u', HEADER)
    assert.deepEqual([answer.text, granted(answer).basis, granted(answer).user], ['x', 'token', 'u'])
  })

  test(`${framework}: a preflight reaches the app unchecked`, async () => {
    const [origin, asks] = [['Origin', 'https://a.test'], ['Access-Control-Request-Method', 'PUT']]
    assert.equal((await v1.ask('OPTIONS', '/metrics', [origin, asks])).json.basis, null)
    for (const headers of [[origin], [asks], [origin, [asks[0], '']], [['Origin', ''], asks]]) isRefused(await v1.ask('OPTIONS', '/metrics', headers), NO_TOKEN)
    isRefused(await v1.ask('POST', '/metrics', [origin, asks], ''), NO_TOKEN)
    assert.equal((await v1.ask('OPTIONS', '/metrics', [origin, ...HEADER])).json.basis, 'token')
  })

  test(`${framework}: a streamed body arrives whole`, async () => {
    const chunks = Array.from({ length: 48 }, (_, number) => Buffer.alloc(65_537, number))
    const sent = Buffer.concat(chunks)
    assert.equal((await v1.ask('POST', v1Target('/big', 'write'), [['Content-Type', 'application/octet-stream']], chunks)).status, 200)
    assert((await v1.ask('GET', v1Target('/big'))).body.equals(sent))
    for (const body of [chunks, sent]) {
      const { length, sha256 } = (await v1.ask('PUT', '/upload', [...HEADER, ['Content-Type', 'application/octet-stream']], body)).json
      assert.deepEqual([length, sha256], [sent.length, createHash('sha256').update(sent).digest('hex')])
    }
  })

  test(`${framework}: a refused upload is answered without its body`, async () => {
    const before = await calls()
    for (const body of ['x'.repeat(4096), Array(4).fill('x'.repeat(1024))]) isRefused(await v1.ask('POST', v1Target('/a'), [], body), WRONG_SIGNATURE)
    assert.equal(await calls(), before + 1)
  })

  test(`${framework}: concurrent requests are independent`, async () => {
    const one = async (number) => {
      const path = `/parallel/${number}`
      assert.equal((await v1.ask('POST', v1Target(path, 'write'), [], String(number))).status, 200)
      isRefused(await v1.ask('GET', v1Target(path, 'write')), WRONG_SIGNATURE)
      const answer = await v1.ask('GET', v1Target(path))
      assert.deepEqual([granted(answer).path, answer.text], [path, String(number)])
    }
    await Promise.all(Array.from({ length: 40 }, (_, number) => one(number)))
  })

  test(`${framework}: v2 reads with GET and HEAD and writes with POST and PUT`, async () => {
    for (const method of ['POST', 'PUT']) {
      const { path, user, maxBytes } = granted(await v2.ask(method, v2Target('/a ö', 'write', { user: 'u', maxBytes: 9 }), [], method))
      assert.deepEqual([path, user, maxBytes], ['/a ö', 'u', 9])
      assert.equal((await v2.ask('GET', v2Target('/a ö'))).text, method)
      const head = await v2.ask('HEAD', v2Target('/a ö'))
      assert.deepEqual([head.status, head.text, granted(head).operation], [200, '', 'read'])
      isRefused(await v2.ask(method, v2Target('/a ö'), [], ''), WRONG_SIGNATURE)
    }
  })

  test(`${framework}: v2 refuses v1 and enforces its limits`, async () => {
    isRefused(await v2.ask('GET', v1Target('/a')), MALFORMED)
    isRefused(await v2.ask('GET', '/metrics', HEADER), NO_TOKEN)
    assert.equal((await v2.ask('GET', '/metrics', [['X-Access-Token', V2_TOKEN]])).json.basis, 'token')
    isRefused(await v2.ask('GET', v2Target('/a', 'read', { expiresIn: 604_860 })), [401, 'signature lifetime is too long'])
    isRefused(await v2.ask('GET', v2Target('/a', 'read', { expiresIn: undefined, expires: 1 })), EXPIRED)
    const outside = v2Target('/d/e', 'read', { directory: '/d/' }).replace(/path=[^&]*/, 'path=/d/../e')
    isRefused(await v2.ask('GET', outside), [401, 'signature does not cover this path'])
  })
}
