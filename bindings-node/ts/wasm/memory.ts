import { misuse } from '../misuse.js'
import { State } from './state.js'
import * as kind from './record.js'

/** The elements of an array, copied: to read them may run code of the caller's. @internal */
export class Elements {
  readonly #all: readonly unknown[]

  constructor(all: readonly unknown[]) {
    this.#all = all
  }

  /** The elements, if a value has them; unlike `instanceof` this asks no Proxy. */
  static of(value: object): readonly unknown[] | undefined {
    return #all in value ? value.#all : undefined
  }
}

/** The unit in which a memory grows, in bytes. */
const PAGE = 65_536

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object
/** By the getters of all typed arrays, so that no property of the caller's is asked. */
const nameOf = getter(Symbol.toStringTag)
const lengthOf = getter('length')

function getter(name: string | symbol): (array: unknown) => unknown {
  const { get } = Object.getOwnPropertyDescriptor(typedArray, name)!
  return (array) => get!.call(array) as unknown
}

/** A value that can be written without running code of the caller's. @internal */
export function settled(value: unknown): unknown {
  if (typeof value !== 'object' || !isArray(value)) return value
  const all: unknown[] = []
  const { length } = value
  for (let at = 0; at < length; at++) {
    const element: unknown = value[at]
    all.push(element)
    // Natives accept only arrays of texts, and read nothing after another element.
    if (typeof element !== 'string' && nameOf(element) !== 'Uint8Array') break
  }
  return new Elements(all)
}

/** Not that of a Proxy that was revoked, at which the language's own function throws. */
function isArray(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value)
  } catch {
    return false
  }
}

/** Views of a memory, to write the arguments of a call into it. @internal */
export class Memory {
  #bytes!: Uint8Array
  #units!: Uint16Array
  #words!: Uint32Array
  #doubles!: Float64Array
  #integers!: BigInt64Array
  /** The next free address. */
  next = 0

  constructor(readonly memory: WebAssembly.Memory) {
    this.look()
  }

  /** Recreates the views after the memory has grown. */
  look(): void {
    const { buffer } = this.memory
    if (this.#bytes?.buffer === buffer) return
    this.#bytes = new Uint8Array(buffer)
    this.#units = new Uint16Array(buffer)
    this.#words = new Uint32Array(buffer)
    this.#doubles = new Float64Array(buffer)
    this.#integers = new BigInt64Array(buffer)
  }

  get size(): number {
    return this.#bytes.length
  }

  wipe(from: number, to: number): void {
    this.#bytes.fill(0, from, to)
  }

  /** Reserves as many bytes, at an address that 16 divides. Addresses may exceed 31 bits. */
  take(length: number): number {
    const at = this.next
    const end = at + length
    this.next = end + (-end & 15)
    const missing = this.next - this.#bytes.length
    if (missing > 0) this.#grow(Math.ceil(missing / PAGE))
    return at
  }

  #grow(pages: number): void {
    try {
      this.memory.grow(pages)
    } catch {
      throw misuse('RangeError', 'ERR_OUT_OF_RANGE', 'the arguments are too long for the memory of WebAssembly')
    }
    this.look()
  }

  /** Writes bytes, and returns where they are. */
  put(bytes: Uint8Array, length: number): number {
    const at = this.take(length)
    if (length > 0) this.#bytes.set(bytes, at)
    return at
  }

  /** Writes a value as a record. */
  write(record: number, value: unknown): void {
    switch (typeof value) {
      case 'string':
        return this.#writeText(record, value)
      case 'number':
        this.#words[record >>> 2] = kind.DOUBLE
        this.#doubles[(record + 8) >>> 3] = value
        return
      case 'boolean':
        return this.#write(record, value ? kind.TRUE : kind.FALSE, 0, 0, 0)
      case 'bigint':
        if (BigInt.asIntN(64, value) !== value) return this.#write(record, kind.HUGE_INT, 0, 0, 0)
        this.#words[record >>> 2] = kind.BIG_INT
        this.#integers[(record + 8) >>> 3] = value
        return
      case 'object':
        return this.#writeObject(record, value)
      default:
        return this.#write(record, value === undefined ? kind.ABSENT : kind.OTHER, 0, 0, 0)
    }
  }

  #write(record: number, kind: number, length: number, address: number, number: number): void {
    const at = record >>> 2
    this.#words[at] = kind
    this.#words[at + 1] = length
    this.#words[at + 2] = address
    this.#words[at + 3] = number
  }

  #writeText(record: number, text: string): void {
    const { length } = text
    const at = this.take(length)
    const bytes = this.#bytes
    let all = 0
    for (let index = 0; index < length; index++) {
      const unit = text.charCodeAt(index)
      all |= unit
      bytes[at + index] = unit
    }
    if (all < 0x80) return this.#write(record, kind.ASCII, length, at, 0)
    const wide = this.take(length * 2)
    const units = this.#units
    for (let index = 0; index < length; index++) units[(wide >>> 1) + index] = text.charCodeAt(index)
    this.#write(record, kind.UTF_16, length, wide, 0)
  }

  #writeObject(record: number, value: object | null): void {
    if (value === null) return this.#write(record, kind.ABSENT, 0, 0, 0)
    const all = Elements.of(value)
    if (all !== undefined) {
      const at = this.take(all.length * kind.RECORD)
      for (let index = 0; index < all.length; index++) this.write(at + index * kind.RECORD, all[index])
      return this.#write(record, kind.ARRAY, all.length, at, 0)
    }
    if (State.is(value)) {
      const { bytes, number } = value
      return this.#write(record, kind.STATE, bytes.length, this.put(bytes, bytes.length), number)
    }
    if (nameOf(value) !== 'Uint8Array') return this.#write(record, kind.OTHER, 0, 0, 0)
    const length = lengthOf(value) as number
    this.#write(record, kind.BYTES, length, this.put(value as Uint8Array, length), 0)
  }

  /** The kind of a record, its length, its address and its class. */
  record(at: number): [kind: number, length: number, address: number, number: number] {
    const words = this.#words
    const word = at >>> 2
    return [words[word]!, words[word + 1]!, words[word + 2]!, words[word + 3]!]
  }

  double(record: number): number {
    return this.#doubles[(record + 8) >>> 3]!
  }

  integer(record: number): bigint {
    return this.#integers[(record + 8) >>> 3]!
  }

  /** A copy. */
  bytes(at: number, length: number): Uint8Array {
    return this.#bytes.slice(at, at + length)
  }

  ascii(at: number, length: number): string {
    return text(this.#bytes, at, length)
  }

  utf16(at: number, length: number): string {
    return text(this.#units, at >>> 1, length)
  }
}

/** In pieces: a function takes only so many arguments. */
function text(units: Uint8Array | Uint16Array, at: number, length: number): string {
  let all = ''
  for (let from = at; from < at + length; from += 4096) {
    all += String.fromCharCode.apply(null, units.subarray(from, Math.min(from + 4096, at + length)) as unknown as number[])
  }
  return all
}
