/// <reference lib="esnext.disposable" preserve="true" />

/** `Symbol.dispose`, or in runtimes without it a symbol that nobody asks for. */
export const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for('Symbol.dispose') as typeof Symbol.dispose)
