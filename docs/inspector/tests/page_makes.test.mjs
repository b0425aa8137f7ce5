// The form makes what verifies: here, and by the package of this repository.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { v1, v2, webhook } from 'sandgate'
import { keep, onPage, paste, result } from './browser.mjs'
import { ID, SEED, TRAFFIC_TOKEN, V1_TOKEN, V2_TOKEN, WEBHOOK_SECRET } from './given.mjs'

const form = (page) => page.locator('#make')
const query = (url) => url.split('?')[1]

async function signed(page) {
  await form(page).getByRole('button', { name: 'Sign' }).click()
  return page.getByLabel('Signed', { exact: true }).inputValue()
}

test('file URLs of both formats verify', async () => {
  await onPage(async (page) => {
    await page.getByLabel('Sandbox id').fill(ID)
    await paste(page, '', V2_TOKEN)
    await form(page).getByLabel('Path').fill('/home/user/in/é b.txt')
    await form(page).getByLabel('Operation').selectOption('write')
    await form(page).getByLabel('Directory').fill('/home/user/in/')
    await form(page).getByLabel('Most bytes').fill('1000')
    const url = await signed(page)
    assert(url.startsWith(`https://49983-${ID}.e2b.app/files?`), url)
    const grant = new v2.FileUrlKey(V2_TOKEN).verifyQuery(query(url), { operation: 'write' })
    assert.deepEqual([grant.path, grant.directory, grant.maxBytes], ['/home/user/in/é b.txt', '/home/user/in/', 1000])
    await page.getByRole('button', { name: 'Inspect it' }).click()
    assert.match(await result(page), /✓ The signature is right\s+It is for an upload/)
    await keep(page, 'made')

    await page.getByLabel('Token, traffic root, seed or webhook secret').fill(V1_TOKEN)
    await form(page).getByLabel('Format').selectOption('v1')
    assert.equal(await form(page).getByLabel('Directory').isVisible(), false)
    const other = new v1.FileUrlKey(V1_TOKEN).verifyQuery(query(await signed(page)), { operation: 'write' })
    assert.equal(other.path, '/home/user/in/é b.txt')
  })
})

test('pass and signed host open their port', async () => {
  const key = new v2.TrafficKey(TRAFFIC_TOKEN)
  await onPage(async (page) => {
    await page.getByLabel('Sandbox id').fill(ID)
    await paste(page, '', SEED)
    await page.getByLabel('a seed').check()
    await page.getByLabel('Key id').fill('a')
    await form(page).getByLabel('Kind').selectOption('pass')
    await form(page).getByLabel('Context').fill('203.0.113.7')
    const end = key.verifyPass(await signed(page), 8080, { context: '203.0.113.7' })
    assert(Math.abs(end - Date.now() / 1000 - 3600) < 60, 'it ends in an hour')
    await form(page).getByLabel('Kind').selectOption('signed_host')
    key.verifySignedHost(new URL(await signed(page)).hostname.split('.')[0], ID, 8080)
  })
})

test('webhook verifies, and has no expiry', async () => {
  await onPage(async (page) => {
    await paste(page, '', WEBHOOK_SECRET)
    await form(page).getByLabel('Kind').selectOption('webhook')
    assert.equal(await form(page).getByLabel('Ends in').isVisible(), false)
    await form(page).getByLabel('Body').fill('{"a": 1}')
    const made = await signed(page)
    const [, signature] = /^e2b-signature: (\S+)\ne2b-signature-version: v1\n\n\{"a": 1\}$/.exec(made)
    new webhook.Verifier(WEBHOOK_SECRET).verify({ 'e2b-signature': signature }, Buffer.from('{"a": 1}'))
    await page.getByRole('button', { name: 'Inspect it' }).click()
    assert.match(await result(page), /✓ The signature is right/)
    await keep(page, 'made-webhook')
  })
})

test('white space is part of a secret, here and in the form', async () => {
  const secret = ` ${WEBHOOK_SECRET}\t `
  await onPage(async (page) => {
    await paste(page, '', secret)
    await page.getByText('begins or ends with white space').waitFor()
    await form(page).getByLabel('Kind').selectOption('webhook')
    await form(page).getByLabel('Body').fill('{"a": 1}')
    const [, signature] = /^e2b-signature: (\S+)/.exec(await signed(page))
    assert.equal(signature, webhook.sign(secret, Buffer.from('{"a": 1}')))
    await page.getByRole('button', { name: 'Inspect it' }).click()
    assert.match(await result(page), /✓ The signature is right/)
    await paste(page, await page.getByLabel('Signed', { exact: true }).inputValue(), WEBHOOK_SECRET)
    assert.match(await result(page), /✗ The signature is wrong/)
    assert.equal(await page.getByText('begins or ends with white space').isVisible(), false)
  })
})

test('what cannot be signed says why, and leaves nothing of the last one', async () => {
  await onPage(async (page) => {
    await paste(page, '', V2_TOKEN)
    await page.getByLabel('Sandbox id').fill(ID)
    assert.notEqual(await signed(page), '')
    await form(page).getByLabel('Path').fill('')
    await form(page).getByRole('button', { name: 'Sign' }).click()
    assert.match(await page.getByRole('alert').innerText(), /Not signed\. .*path/)
    assert.equal(await page.locator('#output').inputValue(), '')
    assert.equal(await page.locator('#made').isVisible(), false)
    await keep(page, 'not-signed')
  })
})
