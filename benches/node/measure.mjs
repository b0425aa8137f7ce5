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
export async function measure(rows, rounds, perTurn, progress = () => {}) {
  const candidates = Object.entries(rows).flatMap(([row, named]) =>
    Object.entries(named).map(([name, call]) => ({ row, name, run: loop(call), calls: 1, least: Infinity, turns: [] })),
  )
  for (let round = 0; round < rounds; round++) {
    if (rounds > 1 && round % 100 === 0) progress(`round ${round} of ${rounds}`)
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

/** What each harness prints: one line of JSON, with each candidate of each row. */
export function report(language, versions, rounds, measured) {
  const rows = measured.map(({ row, name, least, median }) => ({ row, name, ours: name.startsWith('sandgate'), least, median }))
  return JSON.stringify({ language, versions, rounds, rows })
}
