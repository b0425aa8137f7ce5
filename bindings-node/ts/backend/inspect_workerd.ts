/** Workers of Cloudflare, which import the module. */
import module from '../../sandgate_inspect.wasm'
import { once } from '../once.js'
import { natives } from '../wasm/natives.js'
import type { Inspect } from './backend.js'

/** @internal */
export const inspect: () => Inspect = once(() => natives(module))
