/** Compiles the bytes, at once: an import that waits would make every import of this package wait. @internal */
export function moduleOf(bytes: Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes)
  } catch (cause) {
    const message = "WebAssembly cannot be compiled here: a Content-Security-Policy must allow script-src 'wasm-unsafe-eval'; see the cause of this error"
    throw Object.assign(new Error(message, { cause }), { code: 'ERR_SANDGATE_NO_WASM' })
  }
}

/** The bytes of base64. @internal */
export function decoded(base64: string): Uint8Array {
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}
