// Every array of `vectors/e2b-v1.json`, one function for each; also run by threads.
import assert from 'node:assert/strict'
import { Controller, Route, SandgateError } from 'sandgate'
import { FileUrlKey, Keyring } from 'sandgate/v1'
import { misused, outcome, thrown } from './outcome.mjs'

function query({ path, user, signature, expires }) {
  const fields = new URLSearchParams({ path, username: user })
  if (signature !== null) fields.set('signature', signature)
  if (expires !== null) fields.set('signature_expiration', String(expires))
  return String(fields)
}

export const checks = {
  derive(the) {
    const keyring = new Keyring(the.seed)
    const { sandbox_id: id, access_token: access, traffic_token: traffic } = the
    assert.deepEqual([keyring.accessToken(id), keyring.trafficToken(id)], [access, traffic])
    keyring.verifyAccessToken(id, access)
    keyring.verifyTrafficToken(id, traffic)
    assert.deepEqual([keyring.isValidAccessToken(id, access), keyring.isValidAccessToken(id, traffic)], [true, false])
    assert.deepEqual([keyring.isValidTrafficToken(id, traffic), keyring.isValidTrafficToken(id, access)], [true, false])
  },

  sign({ path, operation, user, token, expires, signature }) {
    assert.equal(new FileUrlKey(token).sign({ path, operation, user, expires }), signature)
  },

  verify(the) {
    const { path, operation, user, expires, now, result } = the
    const key = new FileUrlKey(the.token)
    const url = { path, operation, user, expires, now }
    assert.equal(outcome(() => key.verify(the.signature, url)), result)
    assert.equal(key.isValid(the.signature, url), result === 'ok')
    assert.equal(outcome(() => key.verifyQuery(query(the), { operation, now })), result)
  },

  /** Only the middleware. If it allows a file route, the route's own check follows: a wrong or no token is refused there. */
  controller(the) {
    const { method, path: target, x_access_token: accessToken, allowed, status } = the
    const check = () => new Controller(the.access_token).check({ method, target, accessToken, now: 0 })
    if (target === '/files' && ['GET', 'POST'].includes(method)) {
      assert.deepEqual([allowed, status], [true, null])
      if (accessToken === the.access_token) return assert.equal(check().basis, 'token')
      const denied = thrown(check)
      assert(denied instanceof SandgateError)
      return assert.notEqual(denied.gate, 'route')
    }
    if (allowed) return void check()
    assert.equal(thrown(check).status, status)
  },

  file_endpoint(the) {
    const request = { method: 'GET', target: `/files?${query(the)}`, accessToken: the.x_access_token, now: the.now }
    const check = () => new Controller(the.token).check(request)
    if (the.result !== 'ok') return assert.equal(thrown(check).message, the.result)
    const { grant } = check()
    assert.deepEqual([grant.path, grant.user ?? ''], [the.path, the.user])
  },

  urls({ token, path, user, operation, expires, now, url, sdk, result }) {
    const [base, query] = url.split('/files?')
    const key = new FileUrlKey(token)
    assert.equal(outcome(() => key.verifyQuery(query, { operation, now })), result)
    if (result === 'ok') {
      const grant = key.verifyQuery(query, { operation, now })
      const { operation: granted, path: decoded, user: as, expires: end } = grant
      assert.deepEqual([granted, decoded, as ?? '', end ?? null], [operation, path, user ?? '', expires])
    }
    // The Python SDK escapes and orders as this package does.
    if (sdk === 'python') assert.equal(key.url(base, { path, operation, user: user ?? '', expires }), url)
  },

  hosts({ host, e2b_sandbox_id: sandboxId, e2b_sandbox_port: port, ...the }) {
    const parse = () => Route.parse({ host, sandboxId, port })
    if (the.error !== null) {
      const denied = thrown(parse)
      assert(denied instanceof SandgateError)
      return assert.deepEqual([denied.gate, denied.status], ['host', 400])
    }
    assert.deepEqual({ ...parse() }, { sandboxId: the.sandbox_id, port: the.port })
  },

  invalid_sandbox_ids(id) {
    const keyring = new Keyring('a seed of at least 16 bytes')
    misused(() => keyring.accessToken(id), RangeError, 'ERR_SANDGATE_SANDBOX_ID', 'sandboxId')
  },

  weak_seeds(seed) {
    misused(() => new Keyring(seed), RangeError, 'ERR_SANDGATE_WEAK_SEED', 'seed')
    misused(() => new Keyring('a seed of at least 16 bytes', seed), RangeError, 'ERR_SANDGATE_WEAK_SEED', 'seed')
  },
}
