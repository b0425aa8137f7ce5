/**
 * The state of an object. It lies in a buffer that is garbage-collected, and in linear memory only while a call works on it. @internal
 */
export class State {
  #bytes: Uint8Array

  constructor(
    /** Its class in the module. */
    readonly number: number,
    bytes: Uint8Array,
  ) {
    this.#bytes = bytes
  }

  /** Whether a value is one; unlike `instanceof` this asks no Proxy. */
  static is(value: object): value is State {
    return #bytes in value
  }

  /** None after it was disposed. */
  get bytes(): Uint8Array {
    return this.#bytes
  }

  /** Wipes it, at once. */
  dispose(): void {
    this.#bytes.fill(0)
    this.#bytes = NONE
  }
}

const NONE = new Uint8Array(0)
