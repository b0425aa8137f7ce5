// What an edge removes from a request before it forwards it.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { FORWARD_HEADERS, forwardHeader, forwardTarget, forwardCookies, forwardHost, forwardQuery, Route, TRAFFIC_COOKIE, TRAFFIC_HEADER, TRAFFIC_PARAMETER } from 'sandgate'

function loses(forward, cases) {
  for (const [given, stays] of cases) {
    assert.equal(forward(given), stays)
    assert.deepEqual(Buffer.from(forward(Buffer.from(given))), Buffer.from(stays))
  }
}

test('the pass is removed from the query', () => {
  loses(forwardQuery, [
    ['', ''],
    ['a=1&b=%zz', 'a=1&b=%zz'],
    ['a=1&sandgate_traffic=x&b=2', 'a=1&b=2'],
    ['sandgate%5Ftraffic=x&a=%ff', 'a=%ff'],
    ['\ufeffé=漢字🚀&sandgate_traffic', '\ufeffé=漢字🚀'],
    ['Sandgate_traffic=x', 'Sandgate_traffic=x'],
    [`${'é'.repeat(3000)}&sandgate_traffic=x`, 'é'.repeat(3000)],
  ])
})

test('the pass is removed from the cookies', () => {
  loses(forwardCookies, [
    ['a=1; b=2', 'a=1; b=2'],
    ['a=1; __Host-sandgate-traffic=x; b=2', 'a=1; b=2'],
    ['a=b;  c=d;', 'a=b;  c=d;'],
    ['a=1, __Host-sandgate-traffic=2', 'a=1'],
    ['__Host-sandgate-traffic=x', ''],
    ['\t__Host-sandgate-traffic =x;a=\xff', 'a=\xff'],
  ])
})

test('bytes that are not UTF-8 are unchanged', () => {
  const left = forwardQuery(Buffer.from('\xff&sandgate_traffic=x', 'latin1'))
  assert(left instanceof Uint8Array)
  assert.deepEqual([...left], [0xff])
})

test('the exported names are those that are removed', () => {
  assert.equal(forwardQuery(`${TRAFFIC_PARAMETER}=x`), '')
  assert.equal(forwardCookies(`${TRAFFIC_COOKIE}=x`), '')
  assert.equal(TRAFFIC_HEADER, 'e2b-traffic-access-token')
})

test('a forwarded host has only the route as its label', () => {
  const route = new Route('abc', 8080)
  assert.equal(forwardHost('8080-abc-a00f9k3z.e2b.app:80', route), '8080-abc.e2b.app:80')
  assert.deepEqual(forwardHost(Buffer.from('sandbox.e2b.app'), route), new Uint8Array(Buffer.from('sandbox.e2b.app')))
  assert.throws(() => forwardHost('8080-abc.e2b.app', '8080-abc'), { code: 'ERR_INVALID_ARG_TYPE' })
})

test('header lines are removed, cleaned or kept', () => {
  for (const [name, value, left] of [
    ['E2b-Traffic-Access-Token', 'x', undefined],
    ['Cookie', '__Host-sandgate-traffic=x', undefined],
    ['COOKIE', '__Host-sandgate-traffic=x; a=\xff', 'a=\xff'],
    ['Host', '08080-abc-x.e2b.app:80', '8080-abc.e2b.app:80'],
    ['X-Original-URI', '/?sandgate_traffic=x&\xff\u2713', '/?\xff\u2713'],
    ['Accept', '/?sandgate_traffic=x', '/?sandgate_traffic=x'],
    ['X-Real-Host', '\ud800', '\ufffd'],
  ]) {
    assert.equal(forwardHeader(name, value), left, name)
  }
  assert.throws(() => forwardHeader('a', 5), { code: 'ERR_INVALID_ARG_TYPE' })
  assert.throws(() => forwardHeader(5, 'a'), { code: 'ERR_INVALID_ARG_TYPE' })
})

test('the headers that are cleaned are listed', () => {
  assert(Object.isFrozen(FORWARD_HEADERS) && FORWARD_HEADERS.length >= 30)
  for (const name of [TRAFFIC_HEADER, 'host', 'cookie', 'forwarded', 'x-forwarded-host', 'x-original-uri', 'referer', 'origin']) assert(FORWARD_HEADERS.includes(name), name)
})

test('the pass is removed from the target', () => {
  for (const [target, left] of [['/', '/'], ['/?', '/?'], ['/a?sandgate_traffic=x', '/a'], ['/\xe9?sandgate%5Ftraffic=x&b=%zz&', '/\xe9?b=%zz&'], ['', '']]) assert.equal(forwardTarget(target), left)
  assert.throws(() => forwardTarget(5), { code: 'ERR_INVALID_ARG_TYPE' })
})
