/** Node, Bun and Deno: the addon's natives, or else WebAssembly. */
import { backend, native } from '../native.js'
import { once } from '../once.js'
import { moduleOf } from '../wasm/module.js'
import { natives } from '../wasm/natives.js'
import type { Inspect } from './backend.js'
import { inspectWasm } from './wasm_file.js'

/** @internal */
export const inspect: () => Inspect = backend === 'native' ? () => native : once(() => natives(moduleOf(inspectWasm())))
