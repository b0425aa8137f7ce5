/** Workers of Cloudflare, which compile no bytes: the module is imported. */
import module from '../../sandgate.wasm'
import { natives } from '../wasm/natives.js'
import type { Loaded } from './backend.js'

/** @internal */
export const loaded: Loaded = { native: natives(module), backend: 'wasm' }
