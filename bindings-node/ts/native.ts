import type { Addon } from './addon.js'
import { loaded } from '#backend'

/** The natives of this runtime. @internal */
export const native: Addon = loaded.native

/**
 * What runs the natives: `'native'`, the addon of this platform, or `'wasm'`, WebAssembly, which runs everywhere and is slower.
 *
 * On Node, Bun and Deno the environment variable `SANDGATE_BACKEND` chooses one of the two. Without it the addon is tried first.
 */
export const backend: 'native' | 'wasm' = loaded.backend
