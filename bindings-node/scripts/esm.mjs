// Writes what tsc does not: the WebAssembly modules in base64, and the `package.json` that makes `dist/esm` ES modules.
import { readFileSync, writeFileSync } from 'node:fs'

const dist = new URL('../dist/', import.meta.url)

for (const name of ['sandgate', 'sandgate_sign', 'sandgate_inspect']) {
  const base64 = JSON.stringify(readFileSync(new URL(`${name}.wasm`, dist)).toString('base64'))
  writeFileSync(new URL(`esm/backend/${name}_wasm.js`, dist), `export const WASM = ${base64}\n`)
  if (name !== 'sandgate_sign') writeFileSync(new URL(`backend/${name}_wasm.js`, dist), `exports.WASM = ${base64}\n`)
}

// `dist/esm` needs its own `package.json`, because the package is CommonJS. It has those imports of the package that lead here.
const { imports } = JSON.parse(readFileSync(new URL('../package.json', dist), 'utf8'))
const here = Object.entries(imports).flatMap(([name, conditions]) => {
  const own = Object.entries(conditions).filter(([, file]) => file.startsWith('./dist/esm/'))
  return own.length === 0 ? [] : [[name, Object.fromEntries(own.map(([condition, file]) => [condition, file.replace('/dist/esm', '')]))]]
})
const scope = { type: 'module', sideEffects: false, imports: Object.fromEntries(here) }
writeFileSync(new URL('esm/package.json', dist), `${JSON.stringify(scope, undefined, 2)}\n`)
