import { misuse } from '../misuse.js'
import { Memory, settled } from './memory.js'
import { RECORD } from './record.js'
import type { State } from './state.js'

interface Exports {
  readonly memory: WebAssembly.Memory
  readonly __heap_base: WebAssembly.Global
  readonly __stack_pointer: WebAssembly.Global
  call(number: number, method: number, state: number, stateLength: number, args: number, count: number, heap: number): number
  describe(heap: number): number
  /** Throws what is thrown after a trap. */
  trapped(heap: number): never
  /** Where the heap of the last call ended. */
  heap_end(): number
}

/** A native: the number of its class, and its place there. @internal */
export interface Method {
  readonly number: number
  readonly index: number
}

const NO_STATE = new Uint8Array(0)

type ErrorParts = Parameters<typeof misuse>

/** By the numbers of `Kind` in `src/thrown.rs`. */
const KINDS = ['Error', 'TypeError', 'RangeError'] as const

/** Above this size the instance is replaced after the call, because a memory cannot shrink. */
const LARGE = 16 << 20

/**
 * An instance of the module, with its memory. Between calls nothing of any call is in it. @internal
 */
export class Machine {
  readonly #module: WebAssembly.Module
  #exports!: Exports
  #memory!: Memory
  #stackTop = 0
  /** Whether a call has begun and its memory is not overwritten yet. */
  #unclean = false
  #base = 0
  /** What the module throws: it is made after the call, since that may run code of the caller's, which may call again. */
  #thrown: ErrorParts | undefined

  constructor(module: WebAssembly.Module) {
    this.#module = module
    this.#start()
  }

  #start(): void {
    const imports = { sandgate: { throw: this.#throw } }
    this.#exports = new WebAssembly.Instance(this.#module, imports).exports as unknown as Exports
    this.#memory = new Memory(this.#exports.memory)
    this.#stackTop = this.#exports.__stack_pointer.value as number
    this.#base = ((this.#exports.__heap_base.value as number) + 15) & ~15
    this.#unclean = false
  }

  /** Calls a native and reads its answer. */
  call<T>(method: Method, state: State | undefined, args: readonly unknown[], read: (memory: Memory, answer: number) => T): T {
    const given = args.map(settled)
    // Read late: an argument may have disposed the object.
    const bytes = state === undefined ? NO_STATE : state.bytes
    return this.#run((memory) => {
      const stateAt = memory.put(bytes, bytes.length)
      const at = memory.take(given.length * RECORD)
      for (let index = 0; index < given.length; index++) memory.write(at + index * RECORD, given[index])
      return this.#exports.call(method.number, method.index, stateAt, bytes.length, at, given.length, memory.next)
    }, read)
  }

  /** The names of the natives, and the constants. */
  describe<T>(read: (memory: Memory, answer: number) => T): T {
    return this.#run((memory) => this.#exports.describe(memory.next), read)
  }

  /** While this works nothing of the caller's runs: the memory belongs to one call. */
  #run<T>(work: (memory: Memory) => number, read: (memory: Memory, answer: number) => T): T {
    if (this.#unclean) this.#restart()
    this.#unclean = true
    const memory = this.#memory
    memory.next = this.#base
    let failure: unknown
    let failed = true
    try {
      // Addresses come back signed.
      const answer = work(memory) >>> 0
      memory.look()
      const found = read(memory, answer)
      failed = false
      return found
    } catch (error) {
      failure = error
    } finally {
      this.#clean(failed, failure instanceof WebAssembly.RuntimeError)
    }
    throw this.#reason(failure)
  }

  readonly #throw = (kind: number, code: number, codeLength: number, message: number, messageLength: number): never => {
    const memory = this.#memory
    memory.look()
    this.#thrown = [KINDS[kind]!, memory.ascii(code >>> 0, codeLength), memory.ascii(message >>> 0, messageLength)]
    throw this // Any exception ends the call.
  }

  #reason(failure: unknown): unknown {
    const thrown = this.#thrown
    this.#thrown = undefined
    if (thrown !== undefined) return misuse(...thrown)
    if (!(failure instanceof WebAssembly.RuntimeError)) return failure
    try {
      return this.#run((memory) => this.#exports.trapped(memory.next), () => failure)
    } catch (error) {
      return Object.assign(error as Error, { cause: failure })
    }
  }

  /** Overwrites what the call left in memory: its stack, its arguments, its heap. */
  #clean(failed: boolean, trapped: boolean): void {
    const memory = this.#memory
    memory.look()
    if (trapped || memory.size > LARGE) return this.#restart()
    memory.wipe(0, this.#stackTop)
    memory.wipe(this.#base, Math.max(memory.next, this.#exports.heap_end() >>> 0))
    // A call that threw leaves it where it was. To set it is slow.
    if (failed) this.#exports.__stack_pointer.value = this.#stackTop
    this.#unclean = false
  }

  /** Overwrites all of the memory, and takes another instance. */
  #restart(): void {
    this.#memory.wipe(0, this.#memory.size)
    this.#start()
  }
}
