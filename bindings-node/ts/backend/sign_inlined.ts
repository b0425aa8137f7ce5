/** Browsers: a module that signs and does nothing else. */
import type { Addon } from '../addon.js'
import { decoded, moduleOf } from '../wasm/module.js'
import { natives } from '../wasm/natives.js'
import { WASM } from './sandgate_sign_wasm.js'

/** @internal */
export const { e2bSign }: Pick<Addon, 'e2bSign'> = natives(moduleOf(decoded(WASM)))
