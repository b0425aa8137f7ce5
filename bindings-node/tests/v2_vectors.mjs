// Every array of `vectors/v2.json`, one function for each; also run by threads.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { Controller, Edge, Policy, Route } from 'sandgate'
import { FileUrlKey, Keyring, TrafficKey, TrafficKeyring, trafficRoot } from 'sandgate/v2'
import { misused, outcome, spelled, thrown } from './outcome.mjs'

const hex = (value) => (value === undefined ? null : Buffer.from(value).toString('hex'))

const granted = (grant) => ({
  path_hex: hex(grant.pathBytes),
  user_hex: hex(grant.userBytes),
  expires: grant.expires,
  directory_hex: hex(grant.directory),
  max_bytes: grant.maxBytes ?? null,
  content_sha256: hex(grant.contentSha256),
})

export const checks = {
  derive({ seed_hex, kid, sandbox_id: id, generation, access_token: access, traffic_token: traffic, ...the }) {
    const seed = Buffer.from(seed_hex, 'hex')
    const keyring = new Keyring([[kid, seed]])
    const [of, another] = [{ generation }, { generation: (generation ^ 1) >>> 0 }]
    assert.equal(keyring.accessToken(id, of), access)
    assert.equal(keyring.trafficToken(id, of), traffic)
    keyring.verifyAccessToken(id, access, of)
    keyring.verifyTrafficToken(id, traffic, of)
    assert.equal(keyring.isValidAccessToken(id, access, another), false)
    assert.equal(trafficRoot(kid, seed), the.traffic_root)
    for (const edge of [new TrafficKeyring(the.traffic_root), keyring.traffic()]) {
      assert.equal(edge.trafficToken(id, of), traffic)
      edge.verifyTrafficToken(id, traffic, of)
      assert.deepEqual([of, another].map((of) => edge.isValidTrafficToken(id, traffic, of)), [true, false])
    }
  },

  file_urls({ access_tokens, query, operation, context, leeway, now, result, granted: expected }) {
    const controller = new Controller(access_tokens, { policy: new Policy({ base: Policy.V2_ALONE, leeway }) })
    for (const method of { read: ['GET', 'HEAD'], write: ['POST', 'PUT'] }[operation]) {
      const check = () => controller.check({ method, target: `/files?${query}`, context, now })
      if (result !== 'ok') {
        assert.equal(spelled(thrown(check)), result)
        continue
      }
      const allowed = check()
      assert.deepEqual([allowed.basis, allowed.grant.operation], ['signature', operation])
      assert.deepEqual(granted(allowed.grant), expected)
    }
    // Without a controller: the key that the signature names, or any key, as the others have another key id.
    const outcomes = new Set()
    for (const token of access_tokens) {
      const key = new FileUrlKey(token, { leeway })
      const verify = () => assert.deepEqual(granted(key.verifyQuery(query, { operation, context, now })), expected)
      outcomes.add(outcome(verify))
    }
    assert(outcomes.has(result) && [...outcomes].every((outcome) => [result, 'invalid'].includes(outcome)))
  },

  edge(the) {
    const policy = new Policy({ carriers: the.accept, leeway: the.leeway })
    const edge = new Edge({ policy, v2Keyring: new TrafficKeyring(...the.traffic_roots) })
    const route = Route.parse({ host: the.host })
    assert.deepEqual({ ...route }, { sandboxId: the.sandbox_id, port: the.port })
    const request = {
      method: 'GET',
      target: `/?${the.query}`,
      trafficToken: the.header,
      cookies: the.cookie,
      context: the.context,
      now: the.now,
    }
    const state = { restricted: true, generation: the.generation }
    // Also that of a refusal.
    assert.equal(edge.carrier(route, state, request) ?? null, the.carrier)
    const check = () => edge.check(route, state, request)
    if (the.result === 'ok') return assert.equal(check().carrier ?? null, the.carrier)
    const denied = thrown(check)
    assert.deepEqual([denied.gate, spelled(denied)], ['traffic', the.result])
  },

  directories({ directory, valid }) {
    const key = new FileUrlKey(new Keyring({ a: Buffer.alloc(32) }).accessToken('abc'))
    const sign = () => key.sign({ path: '', directory, expires: 1 })
    if (valid) return void sign()
    misused(sign, RangeError, 'ERR_SANDGATE_DIRECTORY', 'directory')
  },

  labels({ traffic_token, sandbox_id: id, port, expires, label, pass }) {
    const key = new TrafficKey(traffic_token)
    assert.equal(key.issueSignedHost(id, port, { expires }), label)
    assert.equal(key.issuePass(port, { expires }), pass)
    assert.equal(key.verifySignedHost(label, id, port, { now: expires }), expires)
    assert.equal(key.verifyPass(pass, port, { now: expires }), expires)
  },
}
