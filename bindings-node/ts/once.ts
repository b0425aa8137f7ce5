/** What `make` returns, which is called at the first use. @internal */
export function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
