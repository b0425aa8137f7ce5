// The guards of `sandgate/fetch` in Hono, in whatever runtime this is bundled for.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hono } from 'hono'
import { Controller, v1 } from 'sandgate'
import { guardController } from 'sandgate/fetch'

const TOKEN = new v1.Keyring('a seed of at least 32 bytes, kept secret').accessToken('i94gcaqbpvohfr764s5l')

test('hono after the guard of the controller', async () => {
  const guard = guardController(new Controller(TOKEN))
  const app = new Hono()
  app.use(async (context, next) => {
    const checked = guard(context.req.raw)
    if (checked instanceof Response) return checked
    context.set('checked', checked)
    await next()
  })
  app.get('/files', (context) => context.json({ path: context.get('checked').grant.path }))
  const url = new v1.FileUrlKey(TOKEN).url('http://a', { path: '/ö b', user: 'u', expiresIn: 60 })
  const granted = await app.request(url)
  assert.deepEqual([granted.status, await granted.json()], [200, { path: '/ö b' }])
  const refused = await app.request(url.replace('username=u', 'username=v'))
  assert.equal(refused.status, 401)
  assert.equal((await app.request('http://a/files?path=/a')).status, 401)
})
