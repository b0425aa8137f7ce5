import { setImmediate } from 'node:timers/promises'
import { Controller, fingerprint, v1, v2 } from 'sandgate'
import { END, ID, NOW, V1_KEY, V1_RING, V1_TOKEN, V2_KEY, V2_RING, V2_TOKEN } from './calls.mjs'

const long = '/漢'.repeat(300)
const signature = V1_KEY.sign({ path: '/a', expires: END })
const query = V2_KEY.url('https://a', { path: '/a', user: 'u', expires: END }).split('?')[1]

function caught(call) {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    call()
  } catch {
    // This is measured.
  }
  Error.stackTraceLimit = limit
}

/** The number of calls, the calls per round, and a round. Calls that make objects or errors are slow, and leak more each. */
const ROUNDS = {
  signing: [1_000_000, 4, (at) => (V1_KEY.sign({ path: long, expires: at }), V2_KEY.sign({ path: '/é', expires: at }), V1_RING.accessToken(ID), fingerprint(long))],
  verifying: [1_000_000, 2, () => (V1_KEY.isValid(signature, { path: '/a', expires: END, now: NOW }), V2_RING.isValidAccessToken(ID, V2_TOKEN))],
  refusing: [300_000, 1, () => caught(() => V1_KEY.verify(signature, { path: '/b' }))],
  misusing: [300_000, 1, () => caught(() => V1_KEY.sign({ path: '\ud800' }))],
  making: [200_000, 4, () => [new v1.FileUrlKey(V1_TOKEN), new v2.FileUrlKey(V2_TOKEN), new Controller(V1_TOKEN), V2_RING.traffic()]],
  granting: [300_000, 1, () => V2_KEY.verifyQuery(query, { now: NOW })],
}

const [calls, inOne, round] = ROUNDS[process.argv[2]]

async function rounds(number) {
  for (let at = 0; at < number; at++) {
    round(at)
    // Finalizers run between turns of the event loop.
    if (at % 5000 === 0) await setImmediate()
  }
  global.gc()
  await setImmediate()
  global.gc()
  return process.memoryUsage.rss()
}

const number = calls / inOne
await rounds(number / 5)
const before = await rounds(number / 5)
const half = await rounds(number / 2)
const after = await rounds(number / 2)
// A leak grows in both halves; memory that the collector keeps once grows in only one.
console.log(JSON.stringify({ calls, grown: 2 * Math.min(half - before, after - half) }))
