// Makes untrusted text safe to read: no invisible characters, no change of direction, no more than fits on the screen.

const MOST = 2000
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu

/** @param {string} text */
export function shown(text) {
  const cut = text.length > MOST ? `${text.slice(0, MOST)}… (${text.length} characters)` : text
  return cut.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}
