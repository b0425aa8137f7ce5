// Makes and drops each kind of key in JavaScript. scan.py then searches the memory for remains. Needs --expose-gc.
import { createInterface } from 'node:readline'
import { setTimeout as later } from 'node:timers/promises'
import { Controller, Edge, Route, v1, v2 } from 'sandgate'

const SEED = 'the v1 seed of the residue check'
const LONG_SEED = 'the v2 seed of the residue check, with more than 32 bytes'
const ID = 'i94gcaqbpvohfr764s5l'
globalThis.canary = Buffer.from('canary of the residue check')

function make() {
  const [first, second] = [new v1.Keyring(SEED), new v2.Keyring({ k: LONG_SEED })]
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
  const fromRoot = new v2.TrafficKeyring(v2.trafficRoot('k', LONG_SEED))
  return [first, second, traffic, fromRoot, key, edge, ...urls, ...controllers]
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
async function tell(stage) {
  console.log(stage)
  await lines.next()
}

let keys = make()
await tell('live')
keys = keys.length
// Finalizers free garbage, and run later.
for (let round = 0; round < 5; round++) {
  globalThis.gc()
  await later(20)
}
await tell('dropped')
process.exit(keys === 10 ? 0 : 1)
