// The page by keyboard, on a phone, in light and dark, and by axe.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { keep, onPage, paste } from './browser.mjs'
import { ID, NOW, pass, pasted, TRAFFIC_TOKEN, V2_TOKEN, v2Url, WEBHOOK_SECRET } from './given.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds on the page as it is now. */
async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE)
  const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }))
  assert(found.passes.length > 20, 'axe ran')
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`)
}

/** Everything that the page can show, at once. */
async function filled(page, text, secret) {
  await paste(page, text, secret)
  await page.getByText('What the request says').click()
  await page.getByLabel('a seed').check()
  await page.getByLabel('a token or root').check()
  await page.getByLabel('Sandbox id').fill(ID)
  await page.getByRole('button', { name: 'Sign' }).click()
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing, ${colorScheme}: empty, right, wrong, and late`, async () => {
    await onPage(
      async (page) => {
        assert.deepEqual(await violations(page), [])
        await keep(page, `empty-${colorScheme}`)
        await filled(page, v2Url({ user: 'user' }), V2_TOKEN)
        assert.deepEqual(await violations(page), [])
        await keep(page, `right-${colorScheme}`)
        await paste(page, v2Url({ user: 'user' }).replace('=user', '=root'), V2_TOKEN)
        assert.deepEqual(await violations(page), [])
        await keep(page, `wrong-${colorScheme}`)
        await page.getByLabel('Kind').selectOption('webhook')
        await paste(page, pasted(), WEBHOOK_SECRET)
        assert.deepEqual(await violations(page), [])
        await keep(page, `webhook-${colorScheme}`)
        await paste(page, pass({ expires: NOW - 100 }), TRAFFIC_TOKEN)
        await page.getByRole('button', { name: 'Sign' }).click()
        assert.deepEqual(await violations(page), [])
        const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
        assert.equal(colour === 'rgb(246, 245, 242)', colorScheme === 'light', colour)
      },
      { now: NOW, runs: true, colorScheme },
    )
  })
}

test('what a screen reader announces is there from the start, and is the same element later', async () => {
  await onPage(
    async (page) => {
      const regions = await page.evaluateHandle(() => [...document.querySelectorAll('[aria-live], [role=status]')])
      // A region that is not displayed is not in the accessibility tree.
      const displayed = () => regions.evaluate((all) => all.map((region) => region.isConnected && region.checkVisibility()))
      const said = () => regions.evaluate((all) => all.map((region) => region.textContent))
      assert.deepEqual([await displayed(), await said()], [[true, true], ['Nothing is pasted yet', '']])
      await paste(page, pass(), TRAFFIC_TOKEN)
      const [title, verdict] = await said()
      assert.equal(title, 'A traffic pass')
      assert.match(verdict, /^✓ The signature is right/)
      await page.getByRole('button', { name: 'Clear' }).click()
      assert.deepEqual([await displayed(), await said()], [[true, true], ['Nothing is pasted yet', '']])
    },
    { now: NOW },
  )
})

/** The places whose text is wider than they are. */
const clipped = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('#result *, label, button, #make .hint, #inspect .hint')]
      .filter((place) => place.scrollWidth > place.clientWidth + 1 && place.clientWidth > 0)
      .map((place) => place.id || place.tagName),
  )

test('phone of 360 pixels scrolls in one direction only', async () => {
  await onPage(
    async (page) => {
      const width = () => page.evaluate(() => document.documentElement.scrollWidth)
      assert.equal(await width(), 360)
      await filled(page, v2Url({ path: `/${'a'.repeat(300)}` }), V2_TOKEN)
      assert.equal(await width(), 360)
      assert.deepEqual(await clipped(page), [])
      await keep(page, 'phone')
      await page.getByLabel('Kind').selectOption('webhook')
      await page.getByLabel('Body', { exact: true }).fill(`{"note":"${'a'.repeat(300)}"}`)
      await page.getByRole('button', { name: 'Sign' }).click()
      await page.getByRole('button', { name: 'Inspect it' }).click()
      await paste(page, await page.getByLabel('Signed', { exact: true }).inputValue(), `${V2_TOKEN} `)
      for (const label of ['Body', 'Signed']) assert.equal(await page.getByLabel(label, { exact: true }).isVisible(), true)
      assert.equal(await page.locator('#space').isVisible(), true)
      assert.equal(await width(), 360)
      assert.deepEqual(await clipped(page), [])
      await keep(page, 'phone-webhook')
    },
    { now: NOW, runs: true, viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  )
})

test('keyboard alone reads, verifies, wipes and signs, and sees where it is', async () => {
  await onPage(
    async (page) => {
      const { keyboard } = page
      const focused = () => page.evaluate(() => document.activeElement.id)
      const tabTo = async (id) => {
        for (let steps = 0; steps < 40 && (await focused()) !== id; steps++) await keyboard.press('Tab')
        assert.equal(await focused(), id)
        assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none', id)
      }
      await tabTo('text')
      await keyboard.insertText(v2Url({ operation: 'write' }))
      await tabTo('secret')
      await keyboard.insertText(V2_TOKEN)
      await page.getByText('✓ The signature is right').waitFor()
      await tabTo('show')
      await keyboard.press('Space')
      assert.equal(await page.locator('#secret').getAttribute('type'), 'text')
      await tabTo('is-token')
      await keyboard.press('ArrowDown')
      assert.equal(await page.getByLabel('a seed').isChecked(), true)
      await keyboard.press('ArrowUp')
      await tabTo('sandbox')
      await keyboard.insertText(ID)
      await tabTo('path')
      await keyboard.press('Enter')
      await page.getByLabel('Signed', { exact: true }).waitFor()
      await tabTo('inspect-made')
      await keyboard.press('Enter')
      assert.equal(await focused(), 'text')
      await page.getByText('It is for a download').waitFor()
      await tabTo('clear')
      await keyboard.press('Enter')
      assert.deepEqual([await focused(), await page.locator('#secret').inputValue()], ['secret', ''])
      assert.equal(await page.getByText('The signature is right').count(), 0)
    },
    { now: NOW, runs: true },
  )
})
