// Joins the fields of the page with the inspection.
import { inspect, MAX_TEXT } from '../inspection.js'
import { element, field, number, unixNow } from './elements.js'
import { start as startMaking } from './make_form.js'
import { showResult, tick } from './result.js'
import { secret, showSecretFields, start as startSecret } from './secret_fields.js'

export function start() {
  const form = element('inspect')
  form.addEventListener('input', update)
  form.addEventListener('submit', (event) => event.preventDefault())
  startSecret(update)
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
