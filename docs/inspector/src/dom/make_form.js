// The form that signs.
import { make } from '../making.js'
import { element, field, number, setText, unixNow } from './elements.js'
import { secret } from './secret_fields.js'

/** @param {(text: string) => void} inspectMade Called with what was made, to be inspected. */
export function start(inspectMade) {
  const output = /** @type {HTMLTextAreaElement} */ (element('output'))
  element('make').addEventListener('submit', (event) => {
    event.preventDefault()
    sign(output)
  })
  for (const id of ['kind', 'make-format']) field(id).addEventListener('change', showFields)
  element('inspect-made').addEventListener('click', () => inspectMade(output.value))
  element('select-made').addEventListener('click', () => {
    output.focus()
    output.select()
  })
  showFields()
}

/** Wipes what was typed into the form, and what it made. */
export function wipe() {
  const form = /** @type {HTMLFormElement} */ (element('make'))
  form.reset()
  element('made').hidden = true
  element('make-failure').hidden = true
  setText('make-failure', '')
  showFields()
}

/** Only the fields of the chosen kind and format. */
function showFields() {
  const [kind, format] = [field('kind').value, field('make-format').value]
  for (const place of document.querySelectorAll('[data-for]')) {
    if (!(place instanceof HTMLElement)) continue
    const isOfKind = place.dataset['for']?.split(' ').includes(kind)
    const isOfFormat = kind !== 'file_url' || (place.dataset['format'] ?? format) === format
    place.hidden = !(isOfKind && isOfFormat)
  }
}

/** @param {HTMLTextAreaElement} output */
function sign(output) {
  const failure = element('make-failure')
  failure.hidden = true
  element('made').hidden = true
  output.value = ''
  try {
    output.value = make(wanted())
    element('made').hidden = false
  } catch (error) {
    failure.textContent = `Not signed. ${error instanceof Error ? error.message : String(error)}`
    failure.hidden = false
  }
}

/** @returns {import('../making.js').Wanted} */
function wanted() {
  return {
    kind: /** @type {import('../making.js').Wanted['kind']} */ (field('kind').value),
    format: /** @type {'v1' | 'v2'} */ (field('make-format').value),
    operation: /** @type {'read' | 'write'} */ (field('make-operation').value),
    path: field('path').value,
    user: field('user').value,
    directory: field('directory').value,
    maxBytes: number('max-bytes'),
    port: number('make-port') ?? 0,
    context: field('make-context').value,
    lifetime: (number('lifetime') ?? 0) * Number(field('unit').value),
    domain: field('domain').value.trim(),
    body: field('body').value,
    secret: secret(),
    now: unixNow(),
  }
}
