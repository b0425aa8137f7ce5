import type { Addon } from '../addon.js'
import { Machine } from './machine.js'
import type { Memory } from './memory.js'
import * as kind from './record.js'
import { State } from './state.js'

/** The class of the natives without an object. */
const FUNCTIONS = 0

/** An object with natives: what `stateful` makes. */
interface Native {
  readonly handle: State
}

/**
 * By class, what its objects inherit. All modules number the classes alike and lay out a state alike: one of them initialises a controller
 * whose natives are in another.
 */
const prototypes: object[] = []

/** The natives of a module, as the addon has them. @internal */
export function natives(module: WebAssembly.Module): Addon {
  const machine = new Machine(module)

  function answer(memory: Memory, record: number): unknown {
    const [what, length, at, number] = memory.record(record)
    switch (what & ~kind.FROZEN) {
      case kind.FALSE:
        return false
      case kind.TRUE:
        return true
      case kind.DOUBLE:
        return memory.double(record)
      case kind.BIG_INT:
        return memory.integer(record)
      case kind.ASCII:
        return memory.ascii(at, length)
      case kind.UTF_16:
        return memory.utf16(at, length)
      case kind.BYTES:
        return memory.bytes(at, length)
      case kind.STATE:
        return new State(number, memory.bytes(at, length))
      case kind.NULL:
        return null
      case kind.ARRAY: {
        const all = Array.from({ length }, (_, index) => answer(memory, at + index * kind.RECORD))
        return what & kind.FROZEN ? Object.freeze(all) : all
      }
      case kind.OBJECT: {
        const object = properties({}, memory, at, length)
        return what & kind.FROZEN ? Object.freeze(object) : object
      }
      case kind.STATEFUL: {
        const handle = answer(memory, at) as State
        const object = Object.create(prototypes[handle.number]!, { handle: { value: handle } }) as object
        return properties(object, memory, at + kind.RECORD, length - 1)
      }
      default:
        return undefined
    }
  }

  function properties(object: object, memory: Memory, at: number, length: number): object {
    for (let index = 0; index < length; index += 2) {
      const name = answer(memory, at + index * kind.RECORD) as string
      // As in an object literal: no setter of the caller's runs.
      const value = answer(memory, at + (index + 1) * kind.RECORD)
      Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
    }
    return object
  }

  const [classes, constants] = machine.describe(answer) as [string[][], object]
  const [functions, ...others] = classes.map((names, number) => {
    const methods = names.map((name, index) => {
      const method = { number, index }
      const native = function (this: Native, ...args: unknown[]): unknown {
        return machine.call(method, number === FUNCTIONS ? undefined : this.handle, args, answer)
      }
      return [name, native] as const
    })
    const dispose = function (this: Native): void {
      this.handle.dispose()
    }
    return Object.fromEntries([...methods, ['dispose', dispose]])
  })
  others.forEach((prototype, index) => (prototypes[index + 1] = prototype))
  return { ...functions, ...constants } as unknown as Addon
}
