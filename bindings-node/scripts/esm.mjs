// What tsc does not write: the modules in base64, from the files that cargo made, and that `dist/esm` holds ES modules.
import { readFileSync, writeFileSync } from 'node:fs'

const dist = new URL('../dist/', import.meta.url)

for (const name of ['sandgate', 'sandgate_sign']) {
  const base64 = JSON.stringify(readFileSync(new URL(`${name}.wasm`, dist)).toString('base64'))
  writeFileSync(new URL(`esm/backend/${name}_wasm.js`, dist), `export const WASM = ${base64}\n`)
  if (name === 'sandgate') writeFileSync(new URL(`backend/${name}_wasm.js`, dist), `exports.WASM = ${base64}\n`)
}
writeFileSync(new URL('esm/package.json', dist), '{ "type": "module", "sideEffects": false }\n')
