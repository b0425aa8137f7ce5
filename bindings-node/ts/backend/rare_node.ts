/** Node, Bun and Deno: the addon's natives, or else WebAssembly. */
import { backend, native } from '../native.js'
import { once } from '../once.js'
import { moduleOf } from '../wasm/module.js'
import { natives } from '../wasm/natives.js'
import type { Rare } from './backend.js'
import { rareWasm } from './wasm_file.js'

/** @internal */
export const rare: () => Rare = backend === 'native' ? () => native : once(() => natives(moduleOf(rareWasm())))
