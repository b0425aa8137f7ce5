/** The WebAssembly module in base64. The build makes it. */
export const WASM: string
