/** As much of WebAssembly as this package uses: it asks for no types of the DOM. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    readonly exports: Record<string, unknown>
    constructor(module: Module, imports: Record<string, Record<string, unknown>>)
  }
  interface Memory {
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
  interface Global {
    value: unknown
  }
  class RuntimeError extends Error {}
}

declare module '*.wasm' {
  /** Compiled by the runtime. */
  const module: WebAssembly.Module
  export default module
}
