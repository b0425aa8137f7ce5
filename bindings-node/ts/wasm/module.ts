/** Compiles the bytes, at once: an import that waits would make every import of this package wait. @internal */
export function moduleOf(bytes: Uint8Array): WebAssembly.Module {
  return new WebAssembly.Module(bytes)
}

/** The bytes of base64. @internal */
export function decoded(base64: string): Uint8Array {
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}
