import { readFileSync } from 'node:fs'

/**
 * The names of the addons that may be for this machine, as napi-rs names platforms.
 *
 * On Linux one is for glibc and one for musl. Nothing guesses which of them is right: the wrong one does not load. @internal
 */
export function platforms(): readonly string[] {
  const machine = `${process.platform}-${process.arch}`
  if (process.platform === 'linux') return [`${machine}-gnu`, `${machine}-musl`]
  return [process.platform === 'win32' ? `${machine}-msvc` : machine]
}

/** What an error message calls this machine. @internal */
export function here(): string {
  const [glibc = '', musl = glibc] = platforms()
  return isMusl() ? musl : glibc
}

/** Whether this process runs on musl: whether the kernel has mapped its loader. No program and no diagnostic report is asked. */
function isMusl(): boolean {
  try {
    return readFileSync('/proc/self/maps', 'latin1').includes('/ld-musl-')
  } catch {
    return false
  }
}
