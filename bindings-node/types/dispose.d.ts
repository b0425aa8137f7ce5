/// <reference lib="esnext.disposable" preserve="true" />
/** `Symbol.dispose`, or in runtimes without it a symbol that nobody asks for. */
export declare const DISPOSE: typeof Symbol.dispose;
