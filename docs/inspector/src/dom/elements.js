// The elements of the page, and what stands in its fields.

/** @param {string} id @returns {HTMLElement} */
export function element(id) {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the page has no ${id}`)
  return found
}

/** @param {string} id @returns {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} */
export function field(id) {
  return /** @type {HTMLInputElement} */ (element(id))
}

/** @param {string} id */
export function input(id) {
  return /** @type {HTMLInputElement} */ (element(id))
}

/** A whole number, or undefined for an empty field. @param {string} id */
export function number(id) {
  const { value } = field(id)
  return value === '' ? undefined : Number(value)
}

/** Changes a text only where it differs: a screen reader announces each change. @param {string} id @param {string} text */
export function setText(id, text) {
  const place = element(id)
  if (place.textContent !== text) place.textContent = text
}

/** The current time in Unix seconds. */
export function unixNow() {
  return Math.floor(Date.now() / 1000)
}

/**
 * An element with text, never with markup.
 *
 * @param {string} tag @param {string} text @param {string} [className] @returns {HTMLElement}
 */
export function withText(tag, text, className) {
  const made = document.createElement(tag)
  made.textContent = text
  if (className) made.className = className
  return made
}
