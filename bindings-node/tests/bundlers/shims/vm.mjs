// `runInNewContext` of `node:vm` where there is no Node: the globals of a frame's realm or, where there are no frames, of this one.

/** Returns a global by its name. */
export function runInNewContext(name) {
  if (typeof document === 'undefined') return globalThis[name]
  const frame = document.createElement('iframe')
  document.documentElement.append(frame)
  return frame.contentWindow[name]
}
