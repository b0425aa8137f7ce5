import type { Addon } from './addon.js'
import { throwMisuse } from './misuse.js'
import { platform } from './platform.js'

/** The packages that are published; literal names, so that bundlers find them. */
const PACKAGES: Readonly<Record<string, () => unknown>> = {
  'linux-x64-gnu': () => require('sandgate-linux-x64-gnu'),
}

function isNotFound(error: unknown): boolean {
  // Of whatever realm its class is.
  return (error as { code?: unknown } | undefined)?.code === 'MODULE_NOT_FOUND'
}

function load(): Addon {
  const here = platform()
  const local = `../sandgate.${here}.node`
  let cause: unknown
  for (const load of [PACKAGES[here], () => require(local)]) {
    try {
      if (load !== undefined) return load() as Addon
    } catch (error) {
      // One that is there and does not load says more than one that is not there.
      if (cause === undefined || !isNotFound(error)) cause = error
    }
  }
  throw Object.assign(new Error(reason(here, cause), { cause }), { code: 'ERR_SANDGATE_NO_ADDON' })
}

function reason(here: string, cause: unknown): string {
  if (!isNotFound(cause)) return `the addon of sandgate for ${here} is there and cannot be loaded; see the cause of this error`
  const published = Object.keys(PACKAGES).join(', ')
  return here in PACKAGES
    ? `the addon of sandgate for this platform is not installed: the package sandgate-${here} is missing. ` +
        'Install sandgate on this platform itself, with optional dependencies (no --omit=optional)'
    : `sandgate has no addon for ${here}, only for ${published}. On another platform build it from source`
}

/** The addon of this machine, throwing by this realm's own function: several realms may share what `require` gives. @internal */
export const native: Addon = Object.defineProperty({ ...load() }, 'throwMisuse', { value: throwMisuse })
