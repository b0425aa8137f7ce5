import { readFileSync } from 'node:fs'

/** Whether the C library is musl, for which an addon is built of its own. */
function isMusl(): boolean {
  try {
    return readFileSync('/usr/bin/ldd', 'latin1').includes('musl')
  } catch {
    // An image without ldd: the report knows which glibc runs, if any does.
    const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined
    return report?.header !== undefined && report.header.glibcVersionRuntime === undefined
  }
}

/** What the addon for this machine is called after, as napi-rs names platforms. @internal */
export function platform(): string {
  const machine = `${process.platform}-${process.arch}`
  if (process.platform === 'linux') return `${machine}-${isMusl() ? 'musl' : 'gnu'}`
  return process.platform === 'win32' ? `${machine}-msvc` : machine
}
