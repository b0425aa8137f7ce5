/** A value as it lies in linear memory: `src/wasm/record.rs` has the same numbers. */
export {};
