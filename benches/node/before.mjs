// What the package costs for each request, beside an older build of it, interleaved in one process.
//
//     node before.mjs OLDER [NEWER] [--once]
//
// Each is a folder with package.json, dist and the addon; the newer one is this tree's by default. Compare only ratios.

import { IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { resolve } from 'node:path'
import { END, PATHS, SEED, TOKEN } from './inputs.mjs'
import { measure } from './measure.mjs'

const once = process.argv.includes('--once')
const [older, newer = fileURLToPath(new URL('../../bindings-node', import.meta.url))] = process.argv.slice(2).filter((given) => given !== '--once')
if (older === undefined) throw new Error('usage: node before.mjs OLDER [NEWER] [--once]')

const RAW = ['Host', 'localhost:49983', 'User-Agent', 'python-httpx/0.28.1', 'Accept', '*/*', 'Accept-Encoding', 'gzip, deflate', 'Connection', 'keep-alive']
const TOKEN_LINE = ['X-Access-Token', TOKEN]
/** As they come from the network: each in one piece. */
const received = (text) => new TextDecoder().decode(new TextEncoder().encode(text))

/** Messages of Node's, whose `headers` somebody has read. */
function messages(targets, lines) {
  return targets.map((target) => {
    const message = new IncomingMessage(null)
    const raw = lines.map(received)
    Object.assign(message, { method: 'GET', url: target, rawHeaders: raw })
    message._addHeaderLines(raw, raw.length)
    if (message.headers.host === undefined) throw new Error('no headers')
    return message
  })
}

const requests = (targets, headers) => targets.map((target) => new Request(`http://localhost:49983${target}`, { headers }))

/** The calls of one build, by row. */
function calls(folder) {
  const require = createRequire(`${resolve(folder)}/package.json`)
  const [{ Controller, v1, v2 }, http, fetched] = ['index', 'http', 'fetch'].map((name) => require(`${resolve(folder)}/dist/${name}.js`))
  const tokenV2 = new v2.Keyring({ a: SEED }).accessToken('i94gcaqbpvohfr764s5l')
  const signed = (key, more) =>
    PATHS.map((path) => received(key.url('https://x', { path, operation: 'read', user: 'user', expires: END, ...more }).slice('https://x'.length)))
  const [ofV1, ofV2] = [signed(new v1.FileUrlKey(TOKEN)), signed(new v2.FileUrlKey(tokenV2))]
  const [controller, controllerV2] = [new Controller(TOKEN), new Controller(tokenV2)]
  const wrong = ofV1.map((target) => target.replace('signature=v1_', 'signature=v1_x'))
  const { middleware } = http.guardController(controller)
  const guard = fetched.guardController(controller)
  const plain = ['/metrics']
  const response = { on() {}, writeHead() {}, end() {} }
  let passed = 0
  const next = () => passed++
  const through = (all) => (at) => middleware(all[at % all.length], response, next)
  const unread = (all) => (at) => {
    const message = all[at % all.length]
    message.headers = null
    middleware(message, response, next)
  }
  const fetching = (all) => (at) => guard(all[at % all.length])
  return {
    'check, v1 URL': (at) => controller.check({ method: 'GET', target: ofV1[at & 15] }),
    'check, v2 URL': (at) => controllerV2.check({ method: 'GET', target: ofV2[at & 15] }),
    'check, token': (at) => controller.check({ method: 'GET', target: '/metrics', accessToken: TOKEN }),
    'http guard, v1 URL': through(messages(ofV1, RAW)),
    'http guard, token': through(messages(plain, [...RAW, ...TOKEN_LINE])),
    'http guard, v1 URL, headers unread': unread(messages(ofV1, RAW)),
    'http guard, refusal': through(messages(wrong, RAW)),
    'fetch guard, v1 URL': fetching(requests(ofV1, {})),
    'fetch guard, token': fetching(requests(plain, { 'x-access-token': TOKEN })),
  }
}

const [before, now] = [calls(older), calls(newer)]
const rows = Object.fromEntries(Object.keys(before).map((row) => [row, { before: before[row], now: now[row] }]))
const measured = await measure(rows, ...(once ? [1, 1] : [400, 400_000]))
if (!once) {
  console.log('                                     before      now   faster   medians:   before      now   faster')
  for (const row of Object.keys(rows)) {
    const [old, current] = measured.filter((candidate) => candidate.row === row)
    const side = (of) => `${old[of].toFixed(0).padStart(6)}   ${current[of].toFixed(0).padStart(6)}   ${(old[of] / current[of]).toFixed(2).padStart(6)}`
    console.log(`${row.padEnd(36)} ${side('least')}              ${side('median')}`)
  }
}
