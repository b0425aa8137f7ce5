// Makes and drops each kind of key in JavaScript. scan.py then searches the memory for remains. Needs --expose-gc.
import { createInterface } from 'node:readline'
import { setTimeout as later } from 'node:timers/promises'
import { Controller, Edge, Route, v1, v2, webhook } from 'sandgate'

const ID = 'i94gcaqbpvohfr764s5l'
globalThis.canary = Buffer.from('canary of the residue check')

/** A seed that the program does not contain as text. scan.py computes it too. */
function seed(length, square, step, start) {
  // Not `Buffer.alloc`: V8 moves a small one when native code first reads it, and the old copy stays.
  const made = Buffer.from(new ArrayBuffer(length))
  for (let at = 0; at < length; at++) made[at] = (at * at * square + at * step + start) % 256
  return made
}

function make() {
  const seeds = [seed(32, 7, 31, 11), seed(60, 13, 57, 101), seed(40, 17, 43, 5), seed(90, 19, 37, 3)]
  const [first, second] = [new v1.Keyring(seeds[0]), new v2.Keyring({ k: seeds[1] })]
  const [token, other] = [first.accessToken(ID), second.accessToken(ID)]
  const traffic = second.traffic()
  const key = new v2.TrafficKey(second.trafficToken(ID))
  const edge = new Edge({ v1Keyring: first, v2Keyring: traffic })
  const trafficToken = key.issuePass(8080, { expires: 1800000060 })
  edge.check(new Route(ID, 8080), { restricted: true }, { method: 'GET', target: '/', trafficToken, now: 1800000000 })
  const urls = [new v1.FileUrlKey(token), new v2.FileUrlKey(other)]
  for (const url of urls) url.sign({ path: '/a', expires: 1800000060 })
  const controllers = [new Controller(token), new Controller(other)]
  controllers[0].check({ method: 'GET', target: '/metrics', accessToken: token })
  controllers[1].check({ method: 'GET', target: '/metrics', accessToken: other })
  const fromRoot = new v2.TrafficKeyring(v2.trafficRoot('k', seeds[1]))
  const verifier = new webhook.Verifier(seeds[2], seeds[3])
  const body = Buffer.from('a body')
  const headers = { 'e2b-signature': webhook.sign(seeds[3], body) }
  verifier.verify(headers, body)
  const verification = verifier.start(headers)
  for (const piece of [body.subarray(0, 2), body.subarray(2)]) verification.update(piece)
  verification.finish()
  if (process.argv[2] === 'leak') {
    const key = Buffer.from(other.slice(7), 'base64url')
    globalThis.leaked = Buffer.alloc(8)
    key.copy(globalThis.leaked)
    key.fill(0)
  }
  for (const one of seeds) one.fill(0)
  return [first, second, traffic, fromRoot, key, edge, ...urls, ...controllers, verifier, verification]
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
async function tell(stage) {
  console.log(stage)
  await lines.next()
}

/** Finalizers free garbage, and run later. */
async function collect() {
  for (let round = 0; round < 5; round++) {
    globalThis.gc()
    await later(20)
  }
}

let keys = make()
// Nobody can overwrite a text of JavaScript.
await tell('live, and the interpreter keeps tokens')
for (const key of keys) key.dispose()
await collect()
await tell('wiped')
keys = keys.length + make().length
await collect()
await tell('dropped')
process.exit(keys === 24 ? 0 : 1)
