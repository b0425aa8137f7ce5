// The same package by `require`.
const assert = require('node:assert/strict')
const { test } = require('node:test')
const { Controller, SandgateError, v1 } = require('sandgate')
const { FileUrlKey } = require('sandgate/v1')
const { getSignature } = require('sandgate/e2b')

test('a required package signs, verifies and refuses', async () => {
  const token = new v1.Keyring('a seed of at least 16 bytes').accessToken('abc')
  const key = new FileUrlKey(token)
  assert.equal(FileUrlKey, v1.FileUrlKey)
  const target = key.url('https://a', { path: '/a', user: 'u', expiresIn: 60 }).replace('https://a', '')
  assert.equal(new Controller(token).check({ method: 'GET', target }).grant.path, '/a')
  assert.throws(() => new Controller(token).check({ method: 'GET', target: target.replace('%2Fa', '%2Fb') }), SandgateError)
  const { signature } = await getSignature({ path: '/a', operation: 'read', user: 'u', envdAccessToken: token })
  assert.equal(signature, key.sign({ path: '/a', user: 'u' }))
})

test('`import()` works too', async () => {
  assert.equal((await import('sandgate')).SandgateError, SandgateError)
})
