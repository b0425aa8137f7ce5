/** Gives an addon that a bundler has put into the bundle. Bundlers for Node cannot put one in. @internal */
export const embedded: (() => unknown) | undefined = undefined
