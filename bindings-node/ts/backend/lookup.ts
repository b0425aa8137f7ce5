import { createRequire } from 'node:module'
import { isAbsolute } from 'node:path'

// Bundlers do not change calls of these: the functions and the names that they are called with are made at run time.
const own = createRequire(file())

/** Requires what stands in `node_modules` around this code, or around the bundle that it is in. @internal */
export function around(name: string): unknown {
  return own(name)
}

/**
 * Requires what this package may require, also from a bundle: pnpm and Yarn show a package nothing but its own dependencies, and an
 * application has those of this package only by way of it. @internal
 */
export function fromPackage(name: string): unknown {
  return createRequire(own.resolve('sandgate/package.json'))(name)
}

/** The file that this code is in, as a path or as a URL. */
function file(): string {
  const running = caller()
  // Code that `eval` runs, as webpack makes it for development, has no file or one that is invented.
  if (typeof running === 'string' && (isAbsolute(running) || running.startsWith('file:'))) return running
  // Bundlers differ: it may be the build-time path, or undefined in an ES module.
  return typeof __filename === 'string' ? __filename : process.execPath
}

/** What a stack calls the file of this code. It does so in every kind of module. */
function caller(): string | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error
  try {
    Error.stackTraceLimit = 1
    Error.prepareStackTrace = (_, sites) => sites[0]?.getFileName()
    return new Error().stack
  } catch {
    return undefined // The intrinsics are frozen.
  } finally {
    Reflect.set(Error, 'prepareStackTrace', prepareStackTrace)
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit)
  }
}
