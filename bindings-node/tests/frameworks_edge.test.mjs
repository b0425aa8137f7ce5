// The answers of an edge's app over HTTP, and what it sees, on every framework.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ID, TRAFFIC, V1_RING, V2_RING } from './calls.mjs'
import { EDGES, LOOKED_UP, lookup, PUBLIC_ID } from './http_apps.mjs'

const HOST = `8080-${ID}.sandbox.test`
const HEADER = 'e2b-traffic-access-token'
const V1_TOKEN = V1_RING.trafficToken(ID)
const V2_TOKEN = V2_RING.trafficToken(ID)

const MISSING = "Sandbox is secured with traffic access token. Token header 'e2b-traffic-access-token' is missing"
const INVALID = "Sandbox is secured with traffic access token. Provided token in header 'e2b-traffic-access-token' is invalid"
const EXPIRED = 'traffic access token is already expired'
const NOWHERE = 'invalid host or routing headers'

const end = (seconds) => ({ expires: Math.floor(Date.now() / 1000) + seconds })
const aPass = (port = 8080, seconds = 3600) => TRAFFIC.issuePass(port, end(seconds))
const signedHost = (seconds = 3600) => `${TRAFFIC.issueSignedHost(ID, 8080, end(seconds))}.sandbox.test`
const cookie = (value) => ['Cookie', `__Host-sandgate-traffic=${value}`]

function isRefused(answer, status, body) {
  assert.deepEqual([answer.status, answer.json], [status, { ...body, code: status }])
  assert.equal(answer.headers['content-type'], 'application/json')
}

/** Asserts that the app sees no credential, in any form. */
function hides(answer, ...secrets) {
  const letters = (text) => text.replace(/[^A-Za-z0-9]/g, '')
  const everything = letters(answer.text)
  for (const secret of secrets) assert(!everything.includes(letters(secret).slice(-20)), answer.text)
  for (const name of ['sandgatetraffic', 'trafficaccess']) assert(!everything.toLowerCase().includes(name), answer.text)
}

const LOOKUPS = { 'looked up at once': lookup, 'looked up by a promise': async (route) => lookup(route) }

for (const [framework, start] of Object.entries(EDGES)) {
  for (const [how, find] of Object.entries(LOOKUPS)) {
    const server = await start(find)
    after(() => server.close())
    const ask = (target = '/', { host = HOST, headers = [], method = 'GET', body } = {}) =>
      server.ask(method, target, [['Host', host], ...headers], body)
    const name = `${framework}, ${how}`

    test(`${name}: a header credential passes and is removed`, async () => {
      for (const token of [V1_TOKEN, V2_TOKEN, aPass()]) {
        const headers = [['E2B-Traffic-Access-Token', token], ['Cookie', 'a=1;b=2']]
        const answer = await ask('/a%2Fb?x=%zz&y=+', { headers })
        const { passed, carrier, route, host, target, cookies } = answer.json
        assert.equal(passed, token.startsWith('sg2p.') ? 'pass' : 'token')
        assert.deepEqual([carrier, route, host, target], ['header', `8080-${ID}`, [HOST], '/a%2Fb?x=%zz&y=+'])
        assert.deepEqual(cookies, ['a=1;b=2'])
        hides(answer, token)
      }
    })

    test(`${name}: a signed host passes and is removed`, async () => {
      const host = signedHost()
      for (const port of ['', ':4430']) {
        const answer = await ask('/?a=1', { host: host + port })
        assert.deepEqual([answer.json.passed, answer.json.carrier, answer.json.host], ['signed_host', 'host', [HOST + port]])
        hides(answer, host.split('.')[0])
      }
    })

    test(`${name}: a pass in the query passes and is removed`, async () => {
      for (const [query, left] of [
        ['sandgate_traffic={}', ''],
        ['a=1&sandgate_traffic={}&b=%zz', '?a=1&b=%zz'],
        ['a=1&&sandgate%5ftraffic={}', '?a=1&'],
        ['sandgate_traffic={}&b=/?c', '?b=/?c'],
      ]) {
        const pass = aPass()
        const answer = await ask(`/p%C3%A4th?${query.replace('{}', pass)}`)
        assert.deepEqual([answer.json.passed, answer.json.carrier, answer.json.target], ['pass', 'query', `/p%C3%A4th${left}`])
        hides(answer, pass)
      }
    })

    test(`${name}: a pass in a cookie passes and is removed`, async () => {
      const pass = aPass()
      for (const [line, left] of [
        [`__Host-sandgate-traffic=${pass}`, []],
        [`a=1;__Host-sandgate-traffic=${pass} ;b=2`, ['a=1; b=2']],
      ]) {
        const answer = await ask('/', { headers: [['Cookie', line]] })
        assert.deepEqual([answer.json.passed, answer.json.carrier, answer.json.cookies], ['pass', 'cookie', left])
        hides(answer, pass)
      }
      const answer = await ask('/', { headers: [['Cookie', 'a=1'], cookie(pass)] })
      assert.deepEqual([answer.json.carrier, answer.json.cookies], ['cookie', ['a=1']])
      hides(answer, pass)
    })

    test(`${name}: all carriers are removed together`, async () => {
      const secrets = [V2_TOKEN, signedHost(), aPass(), aPass(8080, 90)]
      const headers = [[HEADER, secrets[0]], cookie(secrets[3])]
      const answer = await ask(`/?sandgate_traffic=${secrets[2]}`, { host: secrets[1], headers })
      assert.equal(answer.json.carrier, 'header')
      hides(answer, secrets[0], secrets[1].split('.')[0], secrets[2], secrets[3])
    })

    test(`${name}: a public sandbox and the controller's port need no credential`, async () => {
      const open = await ask('/?sandgate_traffic=x', { host: `8080-${PUBLIC_ID}.sandbox.test`, headers: [[HEADER, 'x'.repeat(30)]] })
      assert.deepEqual([open.json.passed, open.json.carrier], ['public', undefined])
      hides(open, 'x'.repeat(30))
      const controllers = await ask('/files?path=/a', { host: `49983-${ID}.sandbox.test`, headers: [['X-Access-Token', 'kept']] })
      assert.equal(controllers.json.passed, 'controller_port')
      assert.match(controllers.text, /kept/)
    })

    test(`${name}: routing headers name the sandbox`, async () => {
      for (const vendor of ['E2b', 'Novita']) {
        const headers = [[`${vendor}-Sandbox-Id`, ID], [`${vendor}-Sandbox-Port`, '8080'], [HEADER, V1_TOKEN]]
        for (const host of ['localhost:3000', '127.0.0.1:3000', 'sandbox.e2b.app']) {
          const answer = await ask('/', { host, headers })
          assert.deepEqual([answer.json.route, answer.json.host], [`8080-${ID}`, [host]])
        }
        for (const more of [['E2b-Sandbox-Id', ID], ['Novita-Sandbox-Id', 'other']]) {
          isRefused(await ask('/', { host: 'localhost', headers: [...headers, more] }), 400, { message: NOWHERE })
        }
      }
      assert.equal((await ask('/', { host: 'localhost' })).status, 400)
    })

    test(`${name}: refusals have the spec's answer`, async () => {
      for (const [target, host, headers, message] of [
        ['/', HOST, [], MISSING],
        ['/', HOST, [[HEADER, '']], MISSING],
        ['/', HOST, [[HEADER, V1_RING.accessToken(ID)]], INVALID],
        ['/', HOST, [[HEADER, V2_RING.trafficToken(ID, { generation: 1 })]], INVALID],
        ['/', HOST, [[HEADER, V1_TOKEN], [HEADER, V1_TOKEN]], INVALID],
        ['/', HOST, [[HEADER, V1_TOKEN], [HEADER, '']], INVALID],
        ['/', HOST, [[HEADER, 'x'], cookie(aPass())], INVALID],
        ['/', HOST, [[HEADER, aPass(8080, -1)]], EXPIRED],
        ['/', HOST, [[HEADER, aPass(8081)]], 'traffic access token does not cover this port'],
        ['/', HOST, [[HEADER, aPass(8080, 700_000)]], 'traffic access token lifetime is too long'],
        ['/', signedHost(-1), [], EXPIRED],
        ['/?sandgate_traffic=', HOST, [], INVALID],
        [`/?sandgate_traffic=${aPass()}&sandgate_traffic=${aPass()}`, HOST, [], INVALID],
        ['/', HOST, [cookie(aPass()), cookie(aPass())], INVALID],
        ['/', HOST, [cookie(`"${aPass()}"`)], INVALID],
      ]) {
        isRefused(await ask(target, { host, headers }), 403, { sandboxId: ID, message })
        const head = await ask(target, { host, headers, method: 'HEAD' })
        assert.deepEqual([head.status, head.text], [403, ''])
      }
    })

    test(`${name}: unroutable hosts are refused`, async () => {
      for (const host of ['example.test', '0-abc.sandbox.test', `8080-${ID}`]) {
        isRefused(await ask('/', { host, headers: [[HEADER, V1_TOKEN]] }), 400, { message: NOWHERE })
      }
    })

    test(`${name}: two hosts, or a rewritten one, are refused`, async () => {
      const open = `8080-${PUBLIC_ID}.sandbox.test`
      for (const head of [
        `GET http://${open}/ HTTP/1.1\r\nHost: ${HOST}`,
        `GET http://${open}/ HTTP/1.1\r\nHost: ${HOST}\r\n${HEADER}: ${V2_TOKEN}`,
        `GET / HTTP/1.1\r\nHost: ${open}\r\nHost: ${HOST}`,
        `GET / HTTP/1.1\r\nHost: ${open.toUpperCase()}`,
        `GET / HTTP/1.1\r\nHost: x@${open}`,
        `GET / HTTP/1.1\r\nHost: ${open}, ${open}`,
        `OPTIONS * HTTP/1.1\r\nHost: ${open}`,
      ]) {
        assert.match(await server.raw(`${head}\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 400 /, head)
      }
    })

    test(`${name}: an unknown sandbox is 502`, async () => {
      const answer = await ask('/', { host: '8080-nobody.sandbox.test', headers: [[HEADER, V1_TOKEN]] })
      isRefused(answer, 502, { sandboxId: 'nobody', message: 'The sandbox was not found' })
    })

    test(`${name}: internal routes are 404`, async () => {
      for (const target of ['/init', '/init?x=1', '/%69nit/', '//init', '/a/../init', '/./init', '/a\\..\\init', '/\\init', '/init#x', '/init#?x']) {
        for (const id of [ID, 'nobody']) {
          LOOKED_UP.length = 0
          const head = `POST ${target} HTTP/1.1\r\nHost: 49983-${id}.sandbox.test\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
          // An ambiguous target is refused as such.
          const expected = /\/\/|[#\\]/.test(target) ? /^HTTP\/1\.1 400 / : /^HTTP\/1\.1 404 /
          assert.match(await server.raw(head), expected, target)
          assert.deepEqual(LOOKED_UP, [])
        }
      }
      assert.equal((await ask('/init', { host: `8080-${PUBLIC_ID}.sandbox.test` })).status, 200)
    })

    test(`${name}: an undecodable path is refused`, async () => {
      const answer = await ask('/%zz', { host: `49983-${ID}.sandbox.test` })
      if (framework === 'fastify') assert.deepEqual([answer.status, answer.json.code], [400, 'FST_ERR_BAD_URL'])
      else isRefused(answer, 400, { message: 'malformed request' })
    })

    test(`${name}: the body is forwarded`, async () => {
      const body = 'ö'.repeat(30_000)
      const headers = [[HEADER, V1_TOKEN], ['Content-Type', 'text/plain']]
      assert.equal((await ask('/', { headers, method: 'POST', body: [body, body] })).json.body, body.repeat(2))
    })

    test(`${name}: concurrent requests are independent`, async () => {
      const one = async (number) => {
        assert.equal((await ask(`/${number}`, { headers: [[HEADER, aPass(8080, 3600 + number)]] })).json.target, `/${number}`)
        assert.equal((await ask(`/${number}`, { headers: [[HEADER, aPass(8081)]] })).status, 403)
      }
      await Promise.all(Array.from({ length: 40 }, (_, number) => one(number)))
    })
  }
}
