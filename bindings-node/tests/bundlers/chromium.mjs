// Headless Chromium, and the pages that it loads, only from this machine.
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
export const CSP = "script-src 'self' 'wasm-unsafe-eval'"
export const STRICT_CSP = "script-src 'self'"

/** Serves a folder, each path under a policy: `/csp/…`, `/strict/…`, or `/free/…`. */
export function serve(folder) {
  const server = http.createServer(({ url }, response) => {
    const [, policy, ...rest] = new URL(url, 'http://a').pathname.split('/')
    const csp = { csp: CSP, strict: STRICT_CSP }[policy]
    const path = join(folder, ...rest)
    const headers = csp === undefined ? {} : { 'content-security-policy': csp }
    if (rest.at(-1) === '') return response.writeHead(200, { 'content-type': 'text/html', ...headers }).end('<!doctype html><title>sandgate</title>')
    if (rest.length === 0 || !existsSync(path)) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/javascript', ...headers })
    createReadStream(path).pipe(response)
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({ server, origin: `http://127.0.0.1:${server.address().port}` })))
}

/** Opens the browser with a profile that is empty. */
export async function open() {
  const profile = mkdtempSync(join(tmpdir(), 'sandgate-chromium-'))
  const browser = await chromium.launchPersistentContext(profile, { executablePath: '/usr/bin/chromium', headless: true, args: ARGS })
  return {
    browser,
    async close() {
      await browser.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
