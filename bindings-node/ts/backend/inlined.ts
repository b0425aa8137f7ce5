/** Browsers and all other runtimes: WebAssembly inside the code. */
import { decoded, moduleOf } from '../wasm/module.js'
import { natives } from '../wasm/natives.js'
import type { Loaded } from './backend.js'
import { WASM } from './sandgate_wasm.js'

/** @internal */
export const loaded: Loaded = { native: natives(moduleOf(decoded(WASM))), backend: 'wasm' }
