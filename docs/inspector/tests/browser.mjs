// The built page in headless Chromium. Whatever a test does, the page sends nothing, violates no policy and throws nothing.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

/** The built page, a file. */
export const PAGE = pathToFileURL(given('SANDGATE_INSPECTOR')).href
const SCREENSHOTS = given('SANDGATE_SCREENSHOTS')
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

function given(name) {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run \`cargo xtask test inspector\``)
  return value
}

let browser
before(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGUMENTS })
})
after(() => browser.close())

/**
 * Opens the page, runs `use` on it, and closes it.
 *
 * @param use Gets the page and what happens on it.
 * @param options Of the browser's context; with `now`, the page's clock stands there, in Unix seconds, or with `runs` it starts
 * a minute before.
 */
export async function onPage(use, { now, runs = false, init, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, ...options })
  try {
    // A machine with other work takes its time.
    context.setDefaultTimeout(120_000)
    const page = await context.newPage()
    const seen = { requests: [], errors: [], violations: [] }
    page.on('request', (request) => seen.requests.push(request.url()))
    page.on('pageerror', (error) => seen.errors.push(String(error)))
    page.on('console', (message) => seen.errors.push(message.text()))
    page.on('dialog', (dialog) => {
      seen.errors.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    await page.exposeFunction('violated', (directive) => seen.violations.push(directive))
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => globalThis.violated(event.effectiveDirective))
    })
    if (init) await page.addInitScript(init)
    if (now !== undefined) await page.clock.install({ time: (now - 60) * 1000 })
    await page.goto(PAGE)
    if (!init) await page.locator('body[data-ready]').waitFor()
    if (now !== undefined && !runs) await page.clock.pauseAt(now * 1000)
    await use(page, seen)
    assert.deepEqual(seen, { requests: [PAGE], errors: [], violations: [] })
  } finally {
    await context.close()
  }
}

/** Keeps a picture of the whole page. */
export async function keep(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true })
}

/** Pastes a text, and a secret if there is one. */
export async function paste(page, text, secret) {
  await page.getByLabel('Signed URL, host, pass or token').fill(text)
  if (secret !== undefined) await page.getByLabel('Token, traffic root, seed or webhook secret').fill(secret)
}

/** The text of the result, as a reader sees it. */
export function result(page) {
  return page.locator('#result').innerText()
}
