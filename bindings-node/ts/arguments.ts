/** Refuses a value of the wrong type, and does not show it. @internal */
export function wrongType(name: string, wanted: string): TypeError & { code: string } {
  return Object.assign(new TypeError(`${name} has to be ${wanted}`), { code: 'ERR_INVALID_ARG_TYPE' })
}

/** The object that an argument has to be. @internal */
export function object<T extends object>(value: T, name: string): T {
  if (typeof value !== 'object' || value === null) throw wrongType(name, 'an object')
  return value
}

const NONE: object = Object.freeze({})

/** The same of an argument that may be left out. A bare value in its place would be dropped silently. @internal */
export function options<T extends object>(value: T | null | undefined, name = 'options'): Partial<T> {
  return value == null ? NONE : object(value, name)
}

/** Options by these names and no others: with a misspelt one a limit would stay at its default. @internal */
export function named<T extends object>(value: T | null | undefined, ...names: (keyof T & string)[]): Partial<T> {
  const given = options(value)
  if (!Object.keys(given).every((name) => names.includes(name as keyof T & string))) {
    throw wrongType('options', `an object with ${names.join(', ')} and nothing else`)
  }
  return given
}

/** One value, or several. @internal */
export function several<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T]
}
