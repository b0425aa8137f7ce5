import { here } from './platform.js'

/** The platforms whose packages are published, and what each of them needs. @internal */
export const PUBLISHED: Readonly<Record<string, string>> = { 'linux-x64-gnu': 'glibc 2.17 or later' }

/** An attempt to load the addon of a platform, and why it failed. @internal */
export interface Failure {
  platform: string
  cause: unknown
}

/** What is thrown where no addon loads: it names the one that is missing, or says why the one that is there does not load. @internal */
export function noAddon(failures: readonly Failure[]): Error {
  const name = here()
  const found = failures.find(({ cause }) => property(cause, 'code') !== 'MODULE_NOT_FOUND')
  // On musl, the addon for glibc counts as missing.
  const message = found?.platform === name ? broken(name, found.cause) : missing(name)
  return Object.assign(new Error(message, { cause: (found ?? failures[0])?.cause }), { code: 'ERR_SANDGATE_NO_ADDON' })
}

function missing(name: string): string {
  if (name in PUBLISHED) {
    return (
      `the addon of sandgate for this platform is not installed: the package sandgate-${name} is missing. ` +
      'Install sandgate on this platform itself, with optional dependencies (no --omit=optional). ' +
      'A bundle needs that package in node_modules beside it'
    )
  }
  const published = Object.entries(PUBLISHED).map(([platform, needs]) => `${platform} (${needs})`)
  return `sandgate has no addon for ${name}, only for ${published.join(', ')}. Without SANDGATE_BACKEND=native WebAssembly runs here`
}

function broken(name: string, cause: unknown): string {
  return `the addon of sandgate for ${name} is there and cannot be loaded${reason(cause)}; see the cause of this error`
}

function reason(cause: unknown): string {
  const glibc = /GLIBC_([\d.]+\d)/.exec(String(property(cause, 'message')))?.[1]
  if (glibc !== undefined) return `: it needs glibc ${glibc} or later, which this system does not have`
  if (property(cause, 'name') === 'NotCapable') return ': start Deno with --allow-ffi'
  switch (property(cause, 'code')) {
    case 'ERR_DLOPEN_DISABLED':
      return ': start Node with --allow-addons'
    case 'ERR_ACCESS_DENIED':
      return ': start Node with --allow-fs-read for node_modules'
    default:
      return ''
  }
}

/** A property of what was thrown, whatever that is, of whatever realm its class is. */
function property(thrown: unknown, name: 'code' | 'message' | 'name'): unknown {
  return (thrown as Partial<Record<typeof name, unknown>> | null | undefined)?.[name]
}
