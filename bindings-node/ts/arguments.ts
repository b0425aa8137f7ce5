import { misuse } from './misuse.js'

/** Refuses a value of the wrong type, and does not show it. @internal */
export function wrongType(name: string, wanted: string): Error & { code: string } {
  return misuse('TypeError', 'ERR_INVALID_ARG_TYPE', `${name}: must be ${wanted}`)
}

/** The names that an object of arguments may have. @internal */
export type Names<T> = readonly (keyof T & string)[]

/** All names of `T`, which the compiler checks. Not frozen: V8 reads frozen arrays more slowly. @internal */
export function names<T extends object>(all: Record<keyof T & string, true>): Names<T> {
  return Object.keys(all) as (keyof T & string)[]
}

/** Returns the argument if it is an object with these names and no others: a misspelt limit or end would be none. @internal */
export function object<T extends object>(value: T, name: string, allowed: Names<T>): T {
  if (typeof value !== 'object' || value === null) throw wrongType(name, 'an object')
  for (const key in value) {
    // Of a list this short, a loop is measured to be faster than a Set, and `Object.keys` or a rest parameter far slower.
    let at = 0
    while (at < allowed.length && allowed[at] !== key) at++
    if (at === allowed.length && !isOfAllObjects(value, key)) throw otherNames(name, allowed)
  }
  return value
}

/** The same where every name may be left out: an object without any of them must be a plain one, and no Map or Policy. @internal */
export function optional<T extends object>(value: T, name: string, allowed: Names<T>): T {
  object(value, name, allowed)
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) needAName(value, name, allowed)
  return value
}

/** A name that some library has given to all objects. */
function isOfAllObjects(value: object, key: string): boolean {
  return key in Object.prototype && !Object.hasOwn(value, key)
}

/** Getters of a class cannot be listed, but they are there. */
function needAName<T extends object>(value: T, name: string, allowed: Names<T>): void {
  // The prototype of a plain object of another realm.
  if (Object.getPrototypeOf(Object.getPrototypeOf(value)) === null) return
  if (!allowed.some((key) => key in value)) throw otherNames(name, allowed)
}

function otherNames(name: string, allowed: readonly string[]): Error {
  return wrongType(name, `an object with ${allowed.join(', ')} and nothing else`)
}

const NONE: object = Object.freeze({})

/** The same of an argument that may be left out. A bare value in its place would be dropped silently. @internal */
export function optionsOf<T extends object>(value: T | null | undefined, allowed: Names<T>): Partial<T> {
  return value == null ? NONE : optional(value, 'options', allowed)
}

/** The same where names are listed in the call. @internal */
export function named<T extends object>(value: T | null | undefined, ...allowed: (keyof T & string)[]): Partial<T> {
  return optionsOf(value, allowed)
}

/** One value, or several. @internal */
export function several<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T]
}
