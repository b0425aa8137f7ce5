/** Node, Bun and Deno: the addon of this platform, or else WebAssembly. */
import { misuse } from '../misuse.js'
import { moduleOf } from '../wasm/module.js'
import { natives } from '../wasm/natives.js'
import { addon } from './addon_loader.js'
import type { Loaded } from './backend.js'
import { wasm } from './wasm_file.js'

function load(): Loaded {
  const chosen = choice()
  if (chosen !== 'wasm') {
    const native = addon(chosen === 'native')
    if (native !== undefined) return { native, backend: 'native' }
  }
  return { native: natives(moduleOf(wasm())), backend: 'wasm' }
}

/** What the environment asks for. */
function choice(): string | undefined {
  const name = 'SANDGATE_BACKEND'
  let chosen: string | undefined
  try {
    chosen = process.env[name]
  } catch {
    return undefined // Deno does not let everyone look.
  }
  if (!chosen) return undefined
  if (chosen !== 'native' && chosen !== 'wasm') throw misuse('RangeError', 'ERR_SANDGATE_BACKEND', `${name}: must be native or wasm`)
  return chosen
}

/** @internal */
export const loaded: Loaded = load()
