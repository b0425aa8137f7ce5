import type { Addon } from '../addon.js'

/** What a backend module exports as `loaded`. */
export interface Loaded {
  readonly native: Addon
  readonly backend: 'native' | 'wasm'
}

/** The natives that read and explain credentials: in WebAssembly a module of their own, compiled at the first use. */
export type Inspect = Pick<Addon, 'describe' | 'explain' | 'explainPass' | 'explainSignedHost' | 'explainWebhook'>

/** The natives that initialise a controller and verify webhooks: the same. */
export type Initialize = Pick<
  Addon,
  'initialize' | 'webhookVerifier' | 'webhookVerify' | 'webhookStart' | 'webhookUpdate' | 'webhookFinish' | 'webhookSign'
>
