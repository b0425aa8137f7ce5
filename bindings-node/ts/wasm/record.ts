// A value as it lies in linear memory: `src/wasm/record.rs` has the same numbers.

/** How many bytes a record has: kind, length, and an address and a class, or a number. @internal */
export const RECORD = 16

/** @internal */
export const ABSENT = 0
/** @internal */
export const FALSE = 1
/** @internal */
export const TRUE = 2
/** @internal */
export const DOUBLE = 3
/** @internal */
export const BIG_INT = 4
/** A bigint of more than 64 bits. @internal */
export const HUGE_INT = 5
/** A string of ASCII, one byte each. @internal */
export const ASCII = 6
/** Another string, two bytes each. @internal */
export const UTF_16 = 7
/** @internal */
export const BYTES = 8
/** @internal */
export const ARRAY = 9
/** The state of an object. @internal */
export const STATE = 10
/** Anything else. @internal */
export const OTHER = 11
/** Names and values, one after the other. @internal */
export const OBJECT = 12
/** A state, then names and values of the object that has it. @internal */
export const STATEFUL = 13
/** @internal */
export const NULL = 14
/** Added to an array or an object: the result is frozen. @internal */
export const FROZEN = 16
