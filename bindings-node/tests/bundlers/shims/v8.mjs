// `serialize` and `deserialize` of `node:v8` where there is no Node: the structured clone, without its bytes.
export const serialize = (value) => structuredClone(value)
export const deserialize = (value) => value
