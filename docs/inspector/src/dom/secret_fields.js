// The fields of the secret: hidden unless shown, and wiped.
import { describe } from 'sandgate'
import { element, field, input, number } from './elements.js'

/** What stands in the fields. @returns {import('../secret.js').Secret} */
export function secret() {
  return {
    text: field('secret').value.trim(),
    isSeed: input('is-seed').checked,
    sandboxId: field('sandbox').value.trim(),
    keyId: field('key-id').value.trim(),
    generation: number('generation') ?? 0,
  }
}

/** Only the fields that the secret needs beside it. */
export function showSecretFields() {
  const { text, isSeed } = secret()
  element('key-id-place').hidden = !isSeed
  element('generation-place').hidden = !isSeed && describe(text).kind !== 'traffic_root'
}

/** @param {() => void} changed Called after the secret was wiped. */
export function start(changed) {
  const show = element('show')
  show.addEventListener('click', () => setShown(show.getAttribute('aria-pressed') !== 'true'))
  element('clear').addEventListener('click', () => {
    wipe()
    changed()
    field('secret').focus()
  })
  // Neither the secret nor the pasted text, which may be one, is kept for when the visitor comes back.
  addEventListener('pagehide', () => {
    wipe()
    field('text').value = ''
    changed()
  })
}

function wipe() {
  field('secret').value = ''
  setShown(false)
}

/** @param {boolean} isShown */
function setShown(isShown) {
  const show = element('show')
  input('secret').type = isShown ? 'text' : 'password'
  show.setAttribute('aria-pressed', String(isShown))
}
