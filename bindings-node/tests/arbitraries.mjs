import fc from 'fast-check'

export const ids = fc.stringMatching(/^[A-Za-z0-9_-]{1,63}$/).filter((id) => !id.startsWith('sandbox-traffic-'))
export const operations = fc.constantFrom('read', 'write')
/** Any Unicode text, sometimes only ASCII, sometimes long. */
export const texts = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => text.toWellFormed?.() ?? text.replaceAll(/\p{Surrogate}/gu, '')),
  fc.string(),
  fc.string({ unit: 'grapheme', minLength: 90, maxLength: 600 }),
)
export const textOrBytes = fc.oneof(texts, fc.uint8Array({ maxLength: 600 }))
