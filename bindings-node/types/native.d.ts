/**
 * What runs the natives: `'native'`, the addon of this platform, or `'wasm'`, WebAssembly, which runs everywhere and is slower.
 *
 * On Node, Bun and Deno the environment variable `SANDGATE_BACKEND` chooses one of the two. Without it the addon is tried first.
 */
export declare const backend: 'native' | 'wasm';
