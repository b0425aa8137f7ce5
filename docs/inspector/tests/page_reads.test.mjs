// Each kind pasted into the page: with the right secret, with a wrong one, expired; and garbage.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keep, onPage, paste, result } from './browser.mjs'
import { END, host, ID, NOW, pass, ROOT, SEED, pasted, TRAFFIC_TOKEN, V1_TOKEN, v1Url, V2_TOKEN, v2Url, WEBHOOK_BODY, WEBHOOK_SECRET } from './given.mjs'

const ROWS = [
  ['file-url-v1', v1Url({ expires: END, user: 'root' }), V1_TOKEN, ['A signed file URL', 'Format v1', '/home/user/a.txt', 'root']],
  ['file-url-v2', v2Url({ maxBytes: 9, operation: 'write' }), V2_TOKEN, ['A signed file URL', 'Format v2', '9 bytes']],
  ['pass', pass(), TRAFFIC_TOKEN, ['A traffic pass', '8080']],
  ['signed-host', host(), TRAFFIC_TOKEN, ['A signed host', ID, '8080']],
]

test('each kind says what is signed, until when, and whether the secret verifies it', async () => {
  await onPage(
    async (page) => {
      for (const [name, text, secret, words] of ROWS) {
        await paste(page, text, '')
        for (const word of [...words, '1 min 1 s left', '2027-01-15 08:01:00 UTC']) assert((await result(page)).includes(word), word)
        assert(!(await result(page)).includes('The signature'), 'no verdict without a secret')
        await paste(page, text, secret)
        assert.match(await result(page), /✓ The signature is right/)
        await keep(page, `right-${name}`)
        await paste(page, text, secret.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')))
        assert.match(await result(page), /✗ The signature is wrong/)
        await paste(page, text, '')
      }
    },
    { now: NOW },
  )
})

test('tokens show their fingerprint alone', async () => {
  await onPage(async (page) => {
    for (const [text, title] of [[V1_TOKEN, 'A token of a sandbox'], [V2_TOKEN, 'An access token'], [TRAFFIC_TOKEN, 'A traffic token'], [ROOT, 'A traffic root']]) {
      await paste(page, text)
      assert.match(await result(page), new RegExp(`${title}[^]*Fingerprint\\s+[0-9a-f]{8}\\b`))
      assert(!(await page.locator('#result').innerHTML()).includes(text))
    }
  })
})

test('webhook says whether its secret signed it, and what would have to differ', async () => {
  await onPage(async (page) => {
    await paste(page, pasted(), '')
    assert.match(await result(page), /A webhook[^]*Version\s+v1[^]*35 bytes/)
    await paste(page, pasted(), WEBHOOK_SECRET)
    assert.match(await result(page), /✓ The signature is right/)
    await keep(page, 'right-webhook')
    await paste(page, pasted({ body: JSON.stringify(JSON.parse(WEBHOOK_BODY), null, 2) }))
    assert.match(await result(page), /✗ The signature is wrong[^]*written it again[^]*A receiver answers 401/)
    await keep(page, 'wrong-webhook')
    await page.getByRole('button', { name: 'Clear' }).click()
    assert(!(await result(page)).includes('webhook'), 'nothing of it stays')
  })
})

test('wrong field is named with the value that would be right', async () => {
  await onPage(
    async (page) => {
      await paste(page, v2Url({ user: 'user' }).replace('username=user', 'username=root'), V2_TOKEN)
      const seen = await result(page)
      assert.match(seen, /the signature is right for another username: "user"/)
      assert.match(seen, /A controller answers 401: invalid signature/)
      assert.equal(await page.locator('.differs code').innerText(), 'user')
      await keep(page, 'wrong-field')
    },
    { now: NOW },
  )
})

test('seed verifies with the sandbox, key id and generation of its fields', async () => {
  await onPage(
    async (page) => {
      await paste(page, pass(), SEED)
      await page.getByLabel('a seed').check()
      assert.match(await result(page), /Enter the sandbox id/)
      await page.getByLabel('Sandbox id').fill(ID)
      assert.match(await result(page), /✓ The signature is right/)
      await page.getByLabel('Generation').fill('1')
      assert.match(await result(page), /✗ The signature is wrong/)
      await keep(page, 'seed-of-another-generation')
    },
    { now: NOW },
  )
})

test('clock counts down and reaches the end, and the verdict with it', async () => {
  await onPage(
    async (page) => {
      await paste(page, pass(), TRAFFIC_TOKEN)
      assert.equal(await page.locator('#clock').innerText(), '1 min 1 s left')
      await page.clock.runFor(59_000)
      assert.equal(await page.locator('#clock').innerText(), '2 s left')
      assert.match(await result(page), /✓ The signature is right/)
      await page.clock.runFor(2_000)
      assert.equal(await page.locator('#clock').innerText(), 'expired 1 s ago')
      assert.match(await result(page), /! The signature is right, and it has expired/)
      await keep(page, 'expired')
    },
    { now: NOW },
  )
})

test('garbage of all kinds is read as nothing, and stays text', async () => {
  const markup = '<img src=x onerror=alert(1)><script>alert(1)</script>'
  const garbage = ['\0\0', '\ud800', markup, `https://${markup}/files?path=${markup}`, '?signature', 'sg2p.1.2.3.4', '😀'.repeat(100)]
  await onPage(async (page) => {
    for (const text of garbage) {
      await paste(page, text, markup)
      assert.notEqual(await page.locator('#result-title').innerText(), '')
      assert.equal(await page.locator('#result img, #result script').count(), 0)
    }
    await paste(page, v1Url({ path: markup, user: markup }), markup)
    assert((await result(page)).includes(markup), 'markup is shown as text')
    await keep(page, 'markup-is-text')
  })
})

test('ten megabytes are refused at once', async () => {
  await onPage(async (page) => {
    const took = await page.evaluate(() => {
      const text = document.getElementById('text')
      text.value = `https://a.b/files?signature=v1_&path=${'a'.repeat(10 << 20)}`
      const start = performance.now()
      text.dispatchEvent(new Event('input', { bubbles: true }))
      return performance.now() - start
    })
    assert.equal(await page.locator('#text').inputValue(), '')
    assert.match(await result(page), /10,485,7\d\d characters, more than this page reads/)
    assert(took < 1000, `${took} ms`)
  })
})
