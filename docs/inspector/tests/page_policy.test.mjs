// Nothing leaves the page, and a secret stays in its field.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { keep, onPage, PAGE, paste, result } from './browser.mjs'
import { ID, NOW, V2_TOKEN, v2Url } from './given.mjs'

test('the policy is the first thing in the page that can matter, and names no host', () => {
  const html = readFileSync(fileURLToPath(PAGE), 'utf8')
  const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html)
  assert(policy.index < html.indexOf('<style>') && policy.index < html.indexOf('<script'))
  const directives = policy[1].split('; ').map((directive) => directive.replace(/'sha256-[^']+'/, 'HASH'))
  assert.deepEqual(directives, [
    "default-src 'none'",
    "script-src HASH 'wasm-unsafe-eval'",
    'style-src HASH',
    'img-src data:',
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ])
  assert.equal(/\son\w+=|\sstyle=|=.javascript:/i.test(html.slice(0, html.indexOf('<script'))), false, 'no inline handler or style')
})

test('what is planted in the page is blocked before it reaches a server', async () => {
  const hits = []
  const server = createServer((request, response) => {
    hits.push(request.url)
    response.setHeader('access-control-allow-origin', '*').end('globalThis.planted = true')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const target = `http://127.0.0.1:${server.address().port}`
  // The server answers, so that a hit would be seen.
  assert.equal(await (await fetch(`${target}/alive`)).text(), 'globalThis.planted = true')
  try {
    await onPage(async (page, seen) => {
      const outcome = await page.evaluate(async (target) => {
        const outcomes = {}
        outcomes.fetch = await fetch(`${target}/fetch`).then(() => 'sent', () => 'blocked')
        outcomes.beacon = navigator.sendBeacon(`${target}/beacon`, 'x')
        const attempt = (name, act) => {
          try {
            outcomes[name] = String(act())
          } catch (error) {
            outcomes[name] = error.name
          }
        }
        attempt('request', () => {
          const request = new XMLHttpRequest()
          request.open('GET', `${target}/request`, false)
          request.send()
        })
        attempt('socket', () => new WebSocket(target.replace('http', 'ws')))
        attempt('image', () => (document.body.append(Object.assign(new Image(), { src: `${target}/image` })), ''))
        attempt('markup', () => (document.body.innerHTML = '<img>'))
        attempt('inline', () => {
          const script = document.createElement('script')
          script.append('globalThis.planted = true')
          document.body.append(script)
          return globalThis.planted
        })
        attempt('form', () => {
          const form = Object.assign(document.createElement('form'), { action: `${target}/form` })
          document.body.append(form)
          form.submit()
          return ''
        })
        return outcomes
      }, target)
      assert.deepEqual([outcome.fetch, outcome.request, outcome.markup, outcome.inline], ['blocked', 'NetworkError', 'TypeError', 'undefined'])
      // Forms are sent, and images are loaded, a moment later.
      const expected = ['connect-src', 'img-src', 'form-action', 'require-trusted-types-for']
      const missing = () => expected.filter((directive) => !seen.violations.includes(directive))
      for (let waits = 0; missing().length > 0 && waits < 100; waits++) await page.waitForTimeout(50)
      assert.deepEqual(missing(), [])
      assert.equal(page.url(), PAGE)
      assert.deepEqual(hits, ['/alive'])
      Object.assign(seen, { requests: [PAGE], errors: [], violations: [] })
    })
  } finally {
    server.close()
  }
})

test('secret is hidden, and stands nowhere but in its field', async () => {
  await onPage(
    async (page) => {
      const field = page.getByLabel('Token, traffic root, seed or webhook secret')
      assert.deepEqual([await field.getAttribute('type'), await field.getAttribute('autocomplete')], ['password', 'off'])
      await paste(page, v2Url(), V2_TOKEN)
      await page.getByRole('button', { name: 'Show secret', exact: true }).click()
      assert.equal(await field.getAttribute('type'), 'text')
      await page.getByRole('button', { name: 'Hide secret', exact: true }).click()
      assert.equal(await field.getAttribute('type'), 'password')
      await page.getByRole('button', { name: 'Show secret', exact: true }).click()
      await keep(page, 'secret-shown')
      const traces = () =>
        page.evaluate(() => [
          document.documentElement.outerHTML,
          document.title,
          location.href,
          JSON.stringify(history.state),
          JSON.stringify({ ...localStorage, ...sessionStorage }),
          document.cookie,
        ])
      for (const trace of await traces()) assert(!trace.includes(V2_TOKEN))
      assert.equal(await page.evaluate(() => history.length), 2, 'the blank page and this one')
    },
    { now: NOW },
  )
})

/** What stands in the fields, in the order of the page, and the text that is in the page, shown or not. */
const state = (page) =>
  page.evaluate(() => ({
    fields: [...document.querySelectorAll('input, textarea, select')].map(({ id, type, value, checked }) => [id, type, value, checked]),
    text: document.querySelector('main').textContent,
  }))

const leave = (page) => page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')))
for (const [name, wipe] of [
  ['Clear', (page) => page.getByRole('button', { name: 'Clear' }).click()],
  ['leaving the page', leave],
]) {
  test(`${name} wipes every field, what the page said, and what it made`, async () => {
    await onPage(
      async (page) => {
        const before = await state(page)
        await paste(page, v2Url({ path: '/MARK', user: 'root' }), V2_TOKEN)
        await page.getByRole('button', { name: 'Show secret' }).click()
        await page.getByText('What the request says').click()
        for (const { id } of await page.evaluate(() => [...document.querySelectorAll('input[type=text]:not(#secret)')].map(({ id }) => ({ id })))) {
          if (await page.locator(`#${id}`).isVisible()) await page.locator(`#${id}`).fill(id === 'sandbox' ? ID : 'MARK')
        }
        await page.locator('#directory').fill('')
        await page.locator('#path').fill('/MARK')
        await page.locator('#context').fill('')
        await page.getByRole('button', { name: 'Sign' }).click()
        assert.match(await page.locator('#output').inputValue(), /MARK/)
        assert.match(await result(page), /✓ The signature is right/)
        await wipe(page)
        assert.deepEqual(await state(page), before)
        assert.equal(await page.locator('#made').isVisible(), false)
      },
      { now: NOW },
    )
  })
}

test('page that cannot start WebAssembly says so', async () => {
  await onPage(
    async (page) => {
      await page.getByText('could not start WebAssembly').waitFor()
      assert.equal(await page.getByRole('alert').first().isVisible(), true)
      await keep(page, 'no-webassembly')
    },
    { init: () => delete globalThis.WebAssembly },
  )
})
