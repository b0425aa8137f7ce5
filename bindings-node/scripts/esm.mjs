// What tsc does not write: the modules in base64, from the files that cargo made, and that `dist/esm` holds ES modules.
import { readFileSync, writeFileSync } from 'node:fs'

const dist = new URL('../dist/', import.meta.url)

for (const name of ['sandgate', 'sandgate_sign']) {
  const base64 = JSON.stringify(readFileSync(new URL(`${name}.wasm`, dist)).toString('base64'))
  writeFileSync(new URL(`esm/backend/${name}_wasm.js`, dist), `export const WASM = ${base64}\n`)
  if (name === 'sandgate') writeFileSync(new URL(`backend/${name}_wasm.js`, dist), `exports.WASM = ${base64}\n`)
}
// This is the nearest package.json of these files, so it has to say again what their imports mean.
const imports = Object.fromEntries(
  ['', 'sign'].map((only) => [
    only === '' ? '#backend' : `#${only}`,
    { workerd: `./backend/${only && `${only}_`}workerd.js`, default: `./backend/${only && `${only}_`}inlined.js` },
  ]),
)
writeFileSync(new URL('esm/package.json', dist), `${JSON.stringify({ type: 'module', sideEffects: false, imports })}\n`)
