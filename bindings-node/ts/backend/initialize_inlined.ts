/** Browsers and all other runtimes: WebAssembly inside the code. */
import { once } from '../once.js'
import { decoded, moduleOf } from '../wasm/module.js'
import { natives } from '../wasm/natives.js'
import type { Initialize } from './backend.js'
import { WASM } from './sandgate_initialize_wasm.js'

/** @internal */
export const initialize: () => Initialize = once(() => natives(moduleOf(decoded(WASM))))
