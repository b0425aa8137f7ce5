// The suite in workerd, the runtime of Cloudflare's Workers, which compiles no WebAssembly at run time.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { installed } from './installed.mjs'
import { bundleSuite } from './suite.mjs'
import { folder, TOOLS } from './tree.mjs'

/** Fewer tests than this mean that the selection is broken. */
const FEWEST = 740
const out = folder()
const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [
      (name = "main.mjs", esModule = embed "main.mjs"),
      (name = "suite.mjs", esModule = embed "suite.mjs"),
      (name = "sandgate.wasm", wasm = embed "sandgate.wasm"),
      (name = "sandgate_sign.wasm", wasm = embed "sandgate_sign.wasm"),
      (name = "sandgate_inspect.wasm", wasm = embed "sandgate_inspect.wasm"),
      (name = "sandgate_initialize.wasm", wasm = embed "sandgate_initialize.wasm"),
    ],
    compatibilityDate = "2026-01-01",
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);`
/** Registers the tests when it is asked: nothing random may run before. */
const MAIN = `export default { async fetch() {
  const suite = await import('suite.mjs')
  return Response.json({ backend: suite.backend, ...(await suite.runAll()) })
} }`

let workerd
after(() => workerd?.kill('SIGKILL'))

/** Starts it and returns its port, which it reports on another file descriptor. */
function start() {
  workerd = spawn(join(TOOLS, '@cloudflare/workerd-linux-64/bin/workerd'), ['serve', 'config.capnp', '--control-fd=3'], { cwd: out, stdio: ['ignore', 'inherit', 'inherit', 'pipe'] })
  return new Promise((resolve, reject) => {
    workerd.on('exit', (code) => reject(new Error(`workerd ended with ${code}`)))
    workerd.stdio[3].on('data', (line) => {
      const { event, port } = JSON.parse(String(line).split('\n')[0])
      if (event === 'listen') resolve(port)
    })
  })
}

test('the suite', async (t) => {
  const root = installed()
  const wasm = {
    name: 'wasm',
    setup: (building) => building.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: path.split('/').at(-1), external: true })),
  }
  await bundleSuite(root, join(out, 'suite.mjs'), { platform: 'browser', conditions: ['workerd', 'worker'] }, wasm)
  for (const name of ['sandgate.wasm', 'sandgate_sign.wasm', 'sandgate_inspect.wasm', 'sandgate_initialize.wasm']) copyFileSync(join(root, 'node_modules/sandgate/dist', name), join(out, name))
  writeFileSync(join(out, 'main.mjs'), MAIN)
  writeFileSync(join(out, 'config.capnp'), CONFIG)
  const answer = await fetch(`http://127.0.0.1:${await start()}/`)
  const said = await answer.text()
  assert.equal(answer.status, 200, said)
  const { backend, passed, failed } = JSON.parse(said)
  assert.deepEqual([backend, failed], ['wasm', []])
  assert(passed >= FEWEST, `only ${passed} tests`)
  t.diagnostic(`${passed} tests in workerd`)
})
