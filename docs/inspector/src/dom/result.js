// Shows an inspection, and lets its clock run.
import { countdown } from '../countdown.js'
import { element, withText } from './elements.js'

/** @type {import('../inspection.js').Inspection | undefined} */
let current
let wasOver = false

/** @param {import('../inspection.js').Inspection | undefined} inspection */
export function showResult(inspection) {
  current = inspection
  const result = element('result')
  result.hidden = inspection === undefined
  if (!inspection) return
  setText('result-title', inspection.title)
  setText('format', inspection.format)
  setText('note', inspection.note)
  element('verdict').replaceChildren(...(inspection.verdict ? [verdict(inspection.verdict)] : []))
  element('fields').replaceChildren(...inspection.fields.flatMap(row))
  showClock()
}

/** Once a second. @returns {boolean} Whether the end has passed since the last call. */
export function tick() {
  const before = wasOver
  showClock()
  return wasOver && !before
}

function showClock() {
  const place = element('expiry')
  const clock = element('clock')
  const isEndless = current?.endless === true
  place.hidden = current?.expires === undefined && !isEndless
  wasOver = false
  clock.className = isEndless ? 'clock endless' : 'clock'
  if (isEndless) {
    setText('clock', 'never expires')
    setText('at', 'v1 allows a URL without an end')
  } else if (current?.expires !== undefined) {
    const shown = countdown(current.expires, Date.now())
    wasOver = shown.isOver
    clock.classList.toggle('over', shown.isOver)
    setText('clock', shown.clock)
    setText('at', shown.at)
  }
}

/** Screen readers announce only changes. @param {string} id @param {string} text */
function setText(id, text) {
  const place = element(id)
  if (place.textContent !== text) place.textContent = text
}

const SIGNS = { right: '✓', late: '!', wrong: '✗', open: '?' }

/** @param {import('../verdict.js').Verdict} verdict */
function verdict({ state, headline, detail, differs, answer }) {
  const box = withText('div', '', `verdict ${state}`)
  box.append(withText('p', `${SIGNS[state]} ${headline}`), withText('p', detail))
  if (differs) {
    const line = withText('p', `Field that would have to differ: ${differs.name} → `, 'differs')
    line.append(isolated(differs.value))
    box.append(line)
  }
  if (answer) box.append(withText('p', answer, 'answer'))
  return box
}

/** @param {import('../fields.js').Field} field */
function row({ name, value, note }) {
  const cell = withText('dd', '')
  cell.append(isolated(value))
  if (note) cell.append(withText('small', note))
  return [withText('dt', name), cell]
}

/** Text of strangers, whose direction stays its own. @param {string} text */
function isolated(text) {
  const code = withText('code', text)
  code.dir = 'auto'
  return code
}
