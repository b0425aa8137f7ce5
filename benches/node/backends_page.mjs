// Runs in a browser.
import * as sandgate from 'sandgate'
import { rowsOf } from './backend_rows.mjs'
import { measure } from './measure.mjs'

globalThis.measured = async (once) => {
  const rounds = once ? 1 : 100
  const measured = await measure(rowsOf({ 'sandgate, WebAssembly': sandgate }), rounds, once ? 1 : 10_000_000)
  return { rounds, measured: measured.map(({ row, name, least, median }) => ({ row, name, least, median })) }
}
