/** Workers of Cloudflare, which import the module. */
import module from '../../sandgate_initialize.wasm'
import { once } from '../once.js'
import { natives } from '../wasm/natives.js'
import type { Initialize } from './backend.js'

/** @internal */
export const initialize: () => Initialize = once(() => natives(module))
