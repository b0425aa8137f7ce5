// The suite and small bundles in Chromium.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { open, serve } from './chromium.mjs'
import { installed } from './installed.mjs'
import { bundleSuite } from './suite.mjs'
import { BROWSER, DOORS } from './browser_bundles.mjs'
import { folder } from './tree.mjs'

/** Fewer tests than this mean that the selection is broken. */
const FEWEST = 740
const out = folder()
let chromium
let site

before(async () => {
  ;[chromium, site] = await Promise.all([open(), serve(out)])
})
after(async () => {
  await chromium.close()
  site.server.close()
})

async function page(policy) {
  const opened = await chromium.browser.newPage()
  await opened.goto(`${site.origin}/${policy}/`)
  return opened
}

test('the suite', async (t) => {
  await bundleSuite(installed(), join(out, 'suite.mjs'), { platform: 'browser' })
  const { backend, passed, failed } = await (await page('isolated')).evaluate(async () => {
    const suite = await import('/isolated/suite.mjs')
    return { backend: suite.backend, ...(await suite.runAll()) }
  })
  assert.deepEqual([backend, failed], ['wasm', []])
  assert(passed >= FEWEST, `only ${passed} tests`)
  t.diagnostic(`${passed} tests in Chromium`)
})

for (const [name, bundle] of Object.entries(BROWSER)) {
  test(`${name}: its bundle runs in a page, in a Worker and under a policy`, async () => {
    const file = bundle(out)
    for (const policy of ['free', 'csp']) {
      const told = await (await page(policy)).evaluate((url) => import(url).then(() => globalThis.told), `/${policy}/${file}`)
      assert.deepEqual(told, DOORS)
    }
    // What Vite makes for a page asks for its document.
    if (name === 'vite') return
    writeFileSync(join(out, 'worker.mjs'), `import('./${file}').then(() => postMessage(globalThis.told), (error) => postMessage(String(error)))`)
    const told = await (await page('csp')).evaluate(
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker('/csp/worker.mjs', { type: 'module' })
          worker.onmessage = ({ data }) => resolve(data)
          worker.onerror = reject
        }),
    )
    assert.deepEqual(told, DOORS)
  })

  test(`${name}: a policy without 'wasm-unsafe-eval' is named`, async () => {
    const file = bundle(out)
    const message = await (await page('strict')).evaluate((url) => import(url).then(() => 'loaded', String), `/strict/${file}`)
    assert.match(message, /wasm-unsafe-eval/)
  })
}
