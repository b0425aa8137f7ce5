// Runs in a browser.
import * as sandgate from 'sandgate'
import { rowsOf } from './backend_rows.mjs'
import { measure, table } from './measure.mjs'

globalThis.measured = async (once) => {
  const rows = rowsOf({ WebAssembly: sandgate })
  const measured = await measure(rows, ...(once ? [1, 1] : [100, 10_000_000]))
  return table(rows, measured)
}
