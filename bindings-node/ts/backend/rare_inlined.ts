/** Browsers and all other runtimes: WebAssembly inside the code. */
import { once } from '../once.js'
import { decoded, moduleOf } from '../wasm/module.js'
import { natives } from '../wasm/natives.js'
import type { Rare } from './backend.js'
import { WASM } from './sandgate_rare_wasm.js'

/** @internal */
export const rare: () => Rare = once(() => natives(moduleOf(decoded(WASM))))
