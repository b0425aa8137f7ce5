// Keys that live for one use.

/**
 * Calls `use` with a key or a keyring, and wipes its secret afterwards.
 *
 * @template {{ dispose(): void }} Key
 * @template Result
 * @param {Key} key @param {(key: Key) => Result} use @returns {Result}
 */
export function using(key, use) {
  try {
    return use(key)
  } finally {
    key.dispose()
  }
}
