// Candidates in turns: what slows the machine for a while slows all of them.

/** A loop of its own for each, so that none is compiled for what another one does. */
function loop(call) {
  const awaited = call.constructor.name === 'AsyncFunction' ? ['async', 'await'] : ['', '']
  const body = `let last; for (let at = 0; at < calls; at++) last = ${awaited[1]} call(at); return last`
  return new Function('call', `return ${awaited[0]} (calls) => { ${body} }`)(call)
}

const nanoseconds = async (run, calls) => {
  const start = performance.now()
  await run(calls)
  return (performance.now() - start) * 1e6
}

/** How many nanoseconds a call took, at least and in the median round. In each round all candidates take `perTurn` nanoseconds. */
export async function measure(rows, rounds, perTurn) {
  const candidates = Object.entries(rows).flatMap(([row, named]) =>
    Object.entries(named).map(([name, call]) => ({ row, name, run: loop(call), calls: 1, least: Infinity, turns: [] })),
  )
  for (let round = 0; round < rounds; round++) {
    for (const candidate of candidates) {
      const took = (await nanoseconds(candidate.run, candidate.calls)) / candidate.calls
      // The clock of a browser may not have moved.
      if (took > 0) {
        candidate.least = Math.min(candidate.least, took)
        candidate.turns.push(took)
      }
      candidate.calls = Math.min(Math.ceil(perTurn / candidate.least) || candidate.calls * 2, 1e6)
    }
  }
  return candidates.map(({ turns, ...candidate }) => ({ ...candidate, median: turns.sort((a, b) => a - b)[turns.length >> 1] ?? NaN }))
}

/** A table, each row beside its first candidate: the least, its ratio, the median. */
export function table(rows, measured) {
  const lines = Object.keys(rows).flatMap((row) => {
    const inRow = measured.filter((candidate) => candidate.row === row)
    const line = ({ name, least, median }) =>
      `    ${name.padEnd(28)} ${least.toFixed(0).padStart(7)} ns  ${(least / inRow[0].least).toFixed(2).padStart(6)} x  median ${median.toFixed(0).padStart(7)} ns`
    return [row, ...inRow.map(line)]
  })
  return lines.join('\n')
}
