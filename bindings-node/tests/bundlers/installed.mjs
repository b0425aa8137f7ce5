// The suite beside the package as it is installed.
import { cpSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { folder, install } from './tree.mjs'

const PACKAGE = process.env.SANDGATE_SOURCES

/** A tree with the tests, their vectors, the packages that they need, and sandgate out of its tarball. */
export function installed(...more) {
  const out = folder()
  const root = join(out, 'package')
  install(root, 'sandgate', ...more)
  cpSync(join(PACKAGE, 'tests'), join(root, 'tests'), { recursive: true })
  symlinkSync(join(PACKAGE, '../vectors'), join(out, 'vectors'))
  for (const name of readdirSync(join(PACKAGE, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(PACKAGE, 'node_modules', name), join(root, 'node_modules', name))
  }
  return root
}
