/** The classes of this realm. The addon may have been loaded in another one, as jest does. */
const CLASSES = { Error, TypeError, RangeError }

/** An error for wrong use. @internal */
export function misuse(kind: keyof typeof CLASSES, code: string, message: string): Error & { code: string } {
  return Object.assign(new CLASSES[kind](message), { code })
}

/** By which the addon throws. @internal */
export function throwMisuse(kind: keyof typeof CLASSES, code: string, message: string): never {
  throw misuse(kind, code, message)
}
