import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decoded } from '../wasm/module.js'

/** The bytes of the WebAssembly module: from its file, or where there is none, as in a bundle, from the copy in the code. @internal */
export function wasm(): Uint8Array {
  return file('sandgate.wasm') ?? decoded((require('./sandgate_wasm.js') as { WASM: string }).WASM)
}

/** The same of the module with what is rarely called. @internal */
export function rareWasm(): Uint8Array {
  return file('sandgate_rare.wasm') ?? decoded((require('./sandgate_rare_wasm.js') as { WASM: string }).WASM)
}

function file(name: string): Uint8Array | undefined {
  try {
    return readFileSync(join(__dirname, '..', name))
  } catch {
    return undefined
  }
}
