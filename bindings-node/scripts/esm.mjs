// What tsc does not write: the modules in base64, from the files that cargo made, and that `dist/esm` holds ES modules.
import { readFileSync, writeFileSync } from 'node:fs'

const dist = new URL('../dist/', import.meta.url)

for (const name of ['sandgate', 'sandgate_sign', 'sandgate_inspect', 'sandgate_initialize']) {
  const base64 = JSON.stringify(readFileSync(new URL(`${name}.wasm`, dist)).toString('base64'))
  writeFileSync(new URL(`esm/backend/${name}_wasm.js`, dist), `export const WASM = ${base64}\n`)
  if (name !== 'sandgate_sign') writeFileSync(new URL(`backend/${name}_wasm.js`, dist), `exports.WASM = ${base64}\n`)
}

// A scope of its own: that of the package says CommonJS. Its imports are those of the package which lead here.
const { imports } = JSON.parse(readFileSync(new URL('../package.json', dist), 'utf8'))
const here = Object.entries(imports).flatMap(([name, conditions]) => {
  const own = Object.entries(conditions).filter(([, file]) => file.startsWith('./dist/esm/'))
  return own.length === 0 ? [] : [[name, Object.fromEntries(own.map(([condition, file]) => [condition, file.replace('/dist/esm', '')]))]]
})
const scope = { type: 'module', sideEffects: false, imports: Object.fromEntries(here) }
writeFileSync(new URL('esm/package.json', dist), `${JSON.stringify(scope, undefined, 2)}\n`)
