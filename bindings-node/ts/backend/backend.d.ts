import type { Addon } from '../addon.js'

/** What a backend module exports as `loaded`. */
export interface Loaded {
  readonly native: Addon
  readonly backend: 'native' | 'wasm'
}
