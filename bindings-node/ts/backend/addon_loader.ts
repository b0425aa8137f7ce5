import { embedded } from '#embedded'
import type { Addon } from '../addon.js'
import { throwMisuse } from '../misuse.js'
import { around, fromPackage } from './lookup.js'
import { type Failure, noAddon, PUBLISHED } from './no_addon.js'
import { platforms } from './platform.js'

type Attempt = [platform: string, load: () => unknown]

/** Where an addon for this machine may be, the best place first. */
function attempts(): Attempt[] {
  const published = platforms().filter((platform) => platform in PUBLISHED)
  return [
    ...published.flatMap((platform): Attempt[] => [
      ...(embedded === undefined ? [] : [[platform, embedded] satisfies Attempt]),
      [platform, () => around(`sandgate-${platform}`)],
      [platform, () => fromPackage(`sandgate-${platform}`)],
    ]),
    // Built from source, beside package.json.
    ...platforms().map((platform): Attempt => [platform, () => fromPackage(`./sandgate.${platform}.node`)]),
  ]
}

/**
 * The addon of this machine, throwing by this realm's own function: several realms may share what `require` gives.
 *
 * @param required Whether to throw where none loads, with the reason. @internal
 */
export function addon(required: boolean): Addon | undefined {
  const failures: Failure[] = []
  for (const [platform, load] of attempts()) {
    try {
      const found = load() as Addon
      return Object.defineProperty({ ...found }, 'throwMisuse', { value: throwMisuse })
    } catch (cause) {
      failures.push({ platform, cause })
    }
  }
  if (required) throw noAddon(failures)
  return undefined
}
