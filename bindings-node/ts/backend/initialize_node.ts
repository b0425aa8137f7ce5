/** Node, Bun and Deno: the addon's natives, or else WebAssembly. */
import { backend, native } from '../native.js'
import { once } from '../once.js'
import { moduleOf } from '../wasm/module.js'
import { natives } from '../wasm/natives.js'
import type { Initialize } from './backend.js'
import { initializeWasm } from './wasm_file.js'

/** @internal */
export const initialize: () => Initialize = backend === 'native' ? () => native : once(() => natives(moduleOf(initializeWasm())))
