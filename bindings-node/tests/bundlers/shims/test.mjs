// `node:test` where there is no Node: the part of it that the suite uses.
const tests = []
const afterAll = []

export function test(name, ...rest) {
  const run = rest.pop()
  tests.push({ name, run, skip: Boolean(rest[0]?.skip) })
}

export const after = (run) => afterAll.push(run)

function context() {
  const undo = []
  const method = (object, name, value) => {
    const own = Object.getOwnPropertyDescriptor(object, name)
    Object.defineProperty(object, name, { value, configurable: true, writable: true })
    undo.push(() => Object.defineProperty(object, name, own))
  }
  return { t: { mock: { method } }, undo }
}

/** Runs all tests that were registered, one after the other. */
export async function runAll() {
  const failed = []
  let passed = 0
  for (const { name, run, skip } of tests) {
    if (skip) continue
    const { t, undo } = context()
    try {
      await run(t)
      passed += 1
    } catch (error) {
      failed.push(`${name}: ${error?.stack ?? error}\n${error?.cause?.stack ?? ''}`)
    } finally {
      for (const put of undo) put()
    }
  }
  for (const run of afterAll) await run()
  return { passed, failed }
}
