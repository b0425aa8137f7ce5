/** Workers of Cloudflare: a module that signs and does nothing else. */
import module from '../../sandgate_sign.wasm'
import type { Addon } from '../addon.js'
import { natives } from '../wasm/natives.js'

/** @internal */
export const { e2bSign }: Pick<Addon, 'e2bSign'> = natives(module)
