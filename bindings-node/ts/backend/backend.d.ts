import type { Addon } from '../addon.js'

/** What a backend module exports as `loaded`. */
export interface Loaded {
  readonly native: Addon
  readonly backend: 'native' | 'wasm'
}

/**
 * What is rarely called: natives that read and explain credentials, and that initialise a controller. In WebAssembly they are a module of
 * their own, compiled at the first use.
 */
export type Rare = Pick<Addon, 'describe' | 'explain' | 'explainPass' | 'explainSignedHost' | 'initialize'>
