/** The greatest unit that ends a number. */
const LAST = 127

/** Reads one string with several values: `src/flat.rs` writes it. @internal */
export class Flat {
  #at = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** Whether everything was read. */
  get isRead(): boolean {
    return this.#at === this.#text.length
  }

  number(): number {
    const text = this.#text
    let unit = text.charCodeAt(this.#at++)
    let number = unit & LAST
    for (let scale = 128; unit > LAST; scale *= 128) {
      unit = text.charCodeAt(this.#at++)
      number += (unit & LAST) * scale
    }
    return number
  }

  integer(): number | bigint | undefined {
    const number = this.number()
    return number > 1 ? number - 2 : number === 0 ? undefined : wide(this.#take(8))
  }

  /** Bytes for a text that is not UTF-8. */
  text(): string | Uint8Array | undefined {
    const number = this.number()
    if (number === 0) return undefined
    const text = this.#take((number - 2) >>> 1)
    return number & 1 ? bytesOf(text) : text
  }

  #take(length: number): string {
    return this.#text.slice(this.#at, (this.#at += length))
  }
}

/** Eight bytes: a number, or a bigint where no number is it exactly. */
function wide(bytes: string): number | bigint {
  let bits = 0n
  for (let at = 7; at >= 0; at--) bits = (bits << 8n) | BigInt(bytes.charCodeAt(at))
  const integer = BigInt.asIntN(64, bits)
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer
}

/** The bytes of a string in which each character is one. */
function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}

/** Text as UTF-8; not every realm has a `TextEncoder`. @internal */
export function utf8(text: string): Uint8Array {
  return bytesOf(encodeURIComponent(text).replace(/%(..)/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16))))
}
