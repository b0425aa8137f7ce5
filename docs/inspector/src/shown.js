// Text of strangers, for a reader: nothing in it is invisible, turns the direction, or fills the screen.

const MOST = 2000
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu

/** @param {string} text */
export function shown(text) {
  const cut = text.length > MOST ? `${text.slice(0, MOST)}… (${text.length} characters)` : text
  return cut.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}
