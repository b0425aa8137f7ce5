// The fields of the secret: hidden unless shown.
import { describe } from 'sandgate'
import { element, field, input, number, setText } from './elements.js'

/** What stands in the fields. @returns {import('../secret.js').Secret} */
export function secret() {
  return {
    // Not trimmed: white space is part of a secret.
    text: field('secret').value,
    isSeed: input('is-seed').checked,
    sandboxId: field('sandbox').value.trim(),
    keyId: field('key-id').value.trim(),
    generation: number('generation') ?? 0,
  }
}

/** Only the fields that the secret needs beside it. */
export function showSecretFields() {
  const { text, isSeed } = secret()
  element('space').hidden = text === text.trim()
  element('key-id-place').hidden = !isSeed
  element('generation-place').hidden = !isSeed && describe(text).kind !== 'traffic_root'
}

export function start() {
  element('show').addEventListener('click', () => setShown(input('secret').type === 'password'))
}

/** Wipes the secret, the pasted text, which may be one, and what was typed beside them. */
export function wipe() {
  const form = /** @type {HTMLFormElement} */ (element('inspect'))
  form.reset()
  setShown(false)
}

/** @param {boolean} isShown */
function setShown(isShown) {
  input('secret').type = isShown ? 'text' : 'password'
  setText('show', isShown ? 'Hide secret' : 'Show secret')
}
