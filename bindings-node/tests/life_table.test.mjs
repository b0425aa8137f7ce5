// Every array of `vectors/life.json`: how controllers get and lose their token, who wakes a paused sandbox, short ids, webhooks,
// and the deployment's default.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { Controller, CreationRefusedError, decide, Edge, Policy, SandgateError, shortenSandboxId, v1, v2, wake, webhook } from 'sandgate'
import { refused } from './guard_rows.mjs'
import { outcome, thrown } from './outcome.mjs'
import { arrays, LIFE } from './vectors.mjs'

const { now, controllers, edge, initialize, wake: requests, shorten, creation, webhook: webhooks, webhook_sign: signed } = LIFE
const bytes = (text) => Buffer.from(text, 'latin1')

function answered(ask) {
  try {
    return ask()
  } catch (error) {
    if (!(error instanceof SandgateError)) throw error
    return refused(error)
  }
}

function controller(state) {
  if (state === 'waiting') return Controller.waiting()
  return state === 'open' || state.length === 0 ? Controller.open() : new Controller(state)
}

/** What the controller shows of itself, in the form of the table. `tokens` are all that the row names. */
function stateOf(controller, tokens) {
  const ask = (accessToken) => outcome(() => controller.check({ method: 'GET', target: '/metrics', accessToken, now }))
  if (ask() === 'not_initialized') return 'waiting'
  return ask() === 'ok' ? 'open' : tokens.filter((token) => ask(token) === 'ok')
}

test('controllers are initialised as the table says', () => {
  assert(initialize.length >= 300)
  for (const { note, start, steps } of initialize) {
    const kept = controller(start)
    const tokens = [...new Set([start, ...steps.map(({ then }) => then)].filter(Array.isArray).flat())]
    assert.deepEqual(stateOf(kept, tokens), start, note)
    for (const { body, expected_hash: hash, expect, then } of steps) {
      assert.deepEqual(answered(() => ({ outcome: kept.initialize(bytes(body), bytes(hash)) })), expect, `${note}: ${body}`)
      assert.deepEqual(stateOf(kept, tokens), then, `${note}: ${body}`)
    }
  }
})

test('paused sandboxes wake as the table says', () => {
  assert(requests.length >= 190)
  const rule = new Edge({
    policy: new Policy({ carriers: edge.carriers }),
    v1Keyring: new v1.Keyring(edge.v1_seed),
    v2Keyring: new v2.Keyring([[edge.v2_kid, Buffer.from(edge.v2_seed_hex, 'hex')]]).traffic(),
  })
  for (const { note, controller: name, method, target, headers, expect } of requests) {
    const values = (wanted) => headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value)
    const request = {
      method,
      target,
      accessToken: values('x-access-token'),
      trafficToken: values('e2b-traffic-access-token'),
      cookies: values('cookie'),
      now,
    }
    const answer = answered(() => {
      const route = rule.route({ method, target, headers })
      wake.check(rule, controller(controllers[name]), route, edge.sandboxes[route.sandboxId], request)
      return { wakes: true }
    })
    assert.deepEqual(answer, expect, `${note}: ${name} ${method} ${target}`)
  }
})

test('ids are shortened as the table says', () => {
  for (const { id, short } of shorten) {
    if (short === null) assert.match(thrown(() => shortenSandboxId(bytes(id))).message, /long sandbox id/, id)
    else assert.equal(shortenSandboxId(bytes(id)), short)
  }
})

test('creation takes the default of the deployment', () => {
  const said = (value) => value ?? undefined
  for (const row of creation) {
    const options = {
      secure: said(row.secure),
      allowPublicTraffic: said(row.allow_public_traffic),
      restrictedByDefault: row.restricted_by_default,
      envdVersion: row.envd_version,
    }
    if (row.refused !== null) {
      const error = thrown(() => decide(options))
      assert(error instanceof CreationRefusedError)
      assert.equal(error.code, `ERR_SANDGATE_${row.refused.toUpperCase()}`)
    } else {
      assert.deepEqual({ ...decide(options) }, { accessToken: row.access_token, trafficToken: row.traffic_token })
    }
  }
})

test('webhooks are verified as the table says', () => {
  assert(webhooks.length >= 170)
  for (const { note, secrets, headers, body: text, expect } of webhooks) {
    const [verifier, body] = [new webhook.Verifier(...secrets.map(bytes)), bytes(text)]
    const whole = answered(() => (verifier.verify(headers, body), { verified: true }))
    const pieces = answered(() => {
      const verification = verifier.start(headers)
      for (let at = 0; at < body.length; at += 63) verification.update(body.subarray(at, at + 63))
      verification.finish()
      return { verified: true }
    })
    assert.deepEqual([whole, pieces], [expect, expect], `${note}: ${JSON.stringify(headers)}`)
  }
})

test('webhooks are signed as the table says', () => {
  assert(signed.length >= 30)
  for (const { secret, body, signature } of signed) {
    const sign = () => webhook.sign(bytes(secret), bytes(body))
    if (signature === null) assert.equal(thrown(sign).code, 'ERR_SANDGATE_WEBHOOK_SECRET')
    else assert.equal(sign(), signature)
  }
})

test('every array has a test', () => {
  assert.deepEqual(arrays(LIFE), ['creation', 'initialize', 'shorten', 'wake', 'webhook', 'webhook_sign'])
})
