/** Returns the addon that Bun has put into a bundle or an executable. Bun does so only for literal names. @internal */
export const embedded: (() => unknown) | undefined = () => {
  // In `try`, so that Bun can build on a machine that has not installed the package.
  try {
    return require('sandgate-linux-x64-gnu')
  } catch (error) {
    // What Bun compiles in place of a package that it did not find.
    if (String(error).includes('Cannot require module')) Object.assign(error as Error, { code: 'MODULE_NOT_FOUND' })
    throw error
  }
}
