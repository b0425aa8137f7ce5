/** Browsers and all other runtimes: WebAssembly inside the code. */
import { once } from '../once.js'
import { decoded, moduleOf } from '../wasm/module.js'
import { natives } from '../wasm/natives.js'
import type { Inspect } from './backend.js'
import { WASM } from './sandgate_inspect_wasm.js'

/** @internal */
export const inspect: () => Inspect = once(() => natives(moduleOf(decoded(WASM))))
