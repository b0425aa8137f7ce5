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

/** Whether this process runs on musl: whether its libc is mapped, which is the loader too. No program and no report is asked. */
function isMusl(): boolean {
  try {
    // glibc's is called libc.so.6.
    return /\/(ld-musl-[^/\n]*|libc\.so)$/m.test(readFileSync('/proc/self/maps', 'latin1'))
  } catch {
    return false
  }
}
