// E2B's own SDK, unmodified, as the client of a controller's app.
import assert from 'node:assert/strict'
import http from 'node:http'
import { after, test } from 'node:test'
import { AuthenticationError, NotFoundError, Sandbox } from 'e2b'
import { ID, V1_TOKEN } from './calls.mjs'
import { CONTROLLERS } from './http_apps.mjs'
import { serve } from './http_client.mjs'

/** The part of the control API that creating a sandbox requires. */
let token = V1_TOKEN
const api = await serve(
  http.createServer((req, res) => {
    req.resume()
    res.writeHead(201, { 'content-type': 'application/json' })
    res.end(JSON.stringify({ templateID: 'base', sandboxID: ID, clientID: 'c', domain: 'sandbox.test', envdVersion: '0.6.4', envdAccessToken: token }))
  }),
)
after(api.close)

function sandboxAt({ port }) {
  return Sandbox.create({ apiUrl: `http://127.0.0.1:${api.port}`, sandboxUrl: `http://127.0.0.1:${port}`, apiKey: `e2b_${'0'.repeat(40)}` })
}

for (const [framework, start] of Object.entries(CONTROLLERS)) {
  const server = await start('v1')
  after(server.close)

  test(`${framework}: the SDK reads and writes files with its token`, async () => {
    const sandbox = await sandboxAt(server)
    assert(await sandbox.isRunning())
    for (const path of ['/plain.txt', '/a b+c/ö%2F.txt']) {
      assert.equal((await sandbox.files.write(path, `text of ${path}`)).path, path)
      assert.equal(await sandbox.files.read(path), `text of ${path}`)
    }
    await assert.rejects(sandbox.files.read('/not there'), NotFoundError)
  })

  test(`${framework}: a wrong token is the SDK's own error`, async () => {
    token = '0'.repeat(64)
    const sandbox = await sandboxAt(server)
    token = V1_TOKEN
    await assert.rejects(sandbox.files.read('/a'), (error) => error instanceof AuthenticationError && /access token present in header but does not match/.test(error.message))
  })

  test(`${framework}: signed URLs of the SDK verify`, async () => {
    const sandbox = await sandboxAt(server)
    const path = '/signed ö+%2F.txt'
    const form = new FormData()
    form.append('file', new Blob(['content']), 'other.txt')
    const uploaded = await fetch(await sandbox.uploadUrl(path, { user: 'u', useSignatureExpiration: 60 }), { method: 'POST', body: form })
    assert.deepEqual([uploaded.status, (await uploaded.json())[0].path], [200, path])
    const url = await sandbox.downloadUrl(path, { useSignatureExpiration: 60 })
    const downloaded = await fetch(url)
    assert.deepEqual([downloaded.status, await downloaded.text()], [200, 'content'])
    assert.equal((await fetch(url, { method: 'POST', body: '' })).status, 401)
    assert.equal((await (await fetch(url.replace('signed', 'signee'))).json()).message, 'invalid signature')
    const expired = await fetch(await sandbox.downloadUrl(path, { useSignatureExpiration: -1 }))
    assert.deepEqual(await expired.json(), { code: 401, message: 'signature is already expired' })
  })
}
