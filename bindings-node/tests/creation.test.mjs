// The decision at creation.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { CreationRefusedError, decide, SandgateError } from 'sandgate'
import { misused, thrown } from './outcome.mjs'

test('a sandbox is secure and public by default', () => {
  assert.deepEqual(decide({ envdVersion: '0.2.0' }), { accessToken: true, trafficToken: false })
  assert.deepEqual(decide({ secure: false }), { accessToken: false, trafficToken: false })
  for (const envdVersion of [Buffer.from([0xff]), '\ud800']) assert(!decide({ secure: false, envdVersion }).accessToken)
  const both = decide({ allowPublicTraffic: false, envdVersion: Buffer.from('1.0.0') })
  assert.deepEqual(both, { accessToken: true, trafficToken: true })
  assert(Object.isFrozen(both))
})

test('secure is off only for false', () => {
  for (const secure of [true, undefined, null, 0, '', 'no', NaN]) assert(decide({ secure, envdVersion: '0.2.0' }).accessToken)
})

test('a falsy value that is present restricts traffic', () => {
  const restricted = (allowPublicTraffic) => decide({ allowPublicTraffic, envdVersion: '0.2.0' }).trafficToken
  for (const falsy of [false, null, 0, '', NaN, 0n]) assert(restricted(falsy))
  for (const truthy of [undefined, true, 1, 'no', {}]) assert(!restricted(truthy))
})

test('the operator decides about requests that do not mention public traffic', () => {
  const restricted = (options) => decide({ envdVersion: '0.2.0', ...options }).trafficToken
  for (const restrictedByDefault of [undefined, null, false]) assert(!restricted({ restrictedByDefault }))
  assert(restricted({ restrictedByDefault: true }))
  assert(restricted({ restrictedByDefault: true, allowPublicTraffic: undefined }))
  // A request that mentions it takes precedence; null is falsy, as everywhere.
  assert(!restricted({ restrictedByDefault: true, allowPublicTraffic: true }))
  for (const restrictedByDefault of [undefined, false, true]) assert(restricted({ restrictedByDefault, allowPublicTraffic: null }))
  assert.equal(thrown(() => decide({ secure: false, restrictedByDefault: true })).reason, 'restricted_needs_secure')
  assert.deepEqual(decide({ secure: false, allowPublicTraffic: true, restrictedByDefault: true }), { accessToken: false, trafficToken: false })
})

test('the default of the operator is a boolean', () => {
  for (const wrong of [0, 1, '', 'true', {}, [], 1n]) {
    misused(() => decide({ envdVersion: '0.2.0', restrictedByDefault: wrong }), TypeError, 'ERR_INVALID_ARG_TYPE', 'restrictedByDefault')
  }
})

test('a refused creation names the reason', () => {
  for (const [options, reason] of [
    [{ envdVersion: '0.1.9' }, 'template_too_old'],
    [{}, 'template_version_unknown'],
    [undefined, 'template_version_unknown'],
    [{ envdVersion: 'new' }, 'template_version_unknown'],
    [{ envdVersion: Buffer.from([0xff]) }, 'template_version_unknown'],
    [{ envdVersion: '\ud800' }, 'template_version_unknown'],
    [{ envdVersion: '0.6.4\ud800' }, 'template_version_unknown'],
    [{ secure: false, allowPublicTraffic: false }, 'restricted_needs_secure'],
  ]) {
    const refused = thrown(() => decide(options))
    assert(refused instanceof CreationRefusedError && refused instanceof SandgateError)
    assert.deepEqual(
      [refused.name, refused.code, refused.reason, refused.gate, refused.status],
      ['CreationRefusedError', `ERR_SANDGATE_${reason.toUpperCase()}`, reason, 'creation', 400],
    )
    assert.deepEqual(JSON.parse(refused.body), { code: 400, message: refused.message })
    assert.equal(refused.edgeBody(), refused.body)
  }
})
