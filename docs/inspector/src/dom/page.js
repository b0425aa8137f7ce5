// Joins the fields of the page with the inspection.
import { inspect, MAX_TEXT } from '../inspection.js'
import { element, field, number, unixNow } from './elements.js'
import { start as startMaking, wipe as wipeMaking } from './make_form.js'
import { showResult, tick } from './result.js'
import { secret, showSecretFields, start as startSecret, wipe as wipeAsked } from './secret_fields.js'

export function start() {
  const form = element('inspect')
  form.addEventListener('input', update)
  form.addEventListener('submit', (event) => event.preventDefault())
  startSecret()
  element('clear').addEventListener('click', () => {
    wipe()
    field('secret').focus()
  })
  // Nothing is kept for when the visitor comes back.
  addEventListener('pagehide', wipe)
  startMaking((text) => {
    field('text').value = text
    update()
    field('text').focus()
  })
  setInterval(() => {
    // The verdict changes with the end.
    if (tick()) update()
  }, 1000)
  update()
  document.body.dataset['ready'] = 'true'
}

/** Wipes every field, and what the page says of them. */
function wipe() {
  wipeAsked()
  wipeMaking()
  update()
}

function update() {
  const { value: text } = field('text')
  showSecretFields()
  showResult(
    inspect({
      text,
      secret: secret(),
      operation: /** @type {'' | 'read' | 'write'} */ (field('operation').value),
      port: number('port'),
      context: field('context').value,
      now: unixNow(),
    }),
  )
  // Browsers need minutes to lay out a line that long.
  if (text.length > MAX_TEXT) field('text').value = ''
}
