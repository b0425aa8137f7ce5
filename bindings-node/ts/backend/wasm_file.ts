import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decoded } from '../wasm/module.js'

/** The bytes of the WebAssembly module: from its file, or where there is none, as in a bundle, from the copy in the code. @internal */
export function wasm(): Uint8Array {
  try {
    return readFileSync(join(__dirname, '..', 'sandgate.wasm'))
  } catch {
    return decoded((require('./sandgate_wasm.js') as { WASM: string }).WASM)
  }
}
