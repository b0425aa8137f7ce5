/** Workers of Cloudflare, which import the module. */
import module from '../../sandgate_rare.wasm'
import { once } from '../once.js'
import { natives } from '../wasm/natives.js'
import type { Rare } from './backend.js'

/** @internal */
export const rare: () => Rare = once(() => natives(module))
