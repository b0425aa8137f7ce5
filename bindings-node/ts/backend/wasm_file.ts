import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decoded } from '../wasm/module.js'

/** The bytes of the WebAssembly module: from its file, or where there is none, as in a bundle, from the copy in the code. @internal */
export function wasm(): Uint8Array {
  return file('sandgate.wasm') ?? decoded((require('./sandgate_wasm.js') as { WASM: string }).WASM)
}

/** The same of the module that reads and explains credentials. @internal */
export function inspectWasm(): Uint8Array {
  return file('sandgate_inspect.wasm') ?? decoded((require('./sandgate_inspect_wasm.js') as { WASM: string }).WASM)
}

/** The same of the module that initialises a controller. @internal */
export function initializeWasm(): Uint8Array {
  return file('sandgate_initialize.wasm') ?? decoded((require('./sandgate_initialize_wasm.js') as { WASM: string }).WASM)
}

function file(name: string): Uint8Array | undefined {
  try {
    return readFileSync(join(__dirname, '..', name))
  } catch {
    return undefined
  }
}
