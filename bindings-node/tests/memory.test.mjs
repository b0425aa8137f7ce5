// Hundreds of thousands of calls, up to a million, leak no memory.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const child = fileURLToPath(new URL('./calls_by_the_million.mjs', import.meta.url))

for (const doing of ['signing', 'verifying', 'refusing', 'misusing', 'making', 'granting']) {
  test(doing, async () => {
    const { stdout } = await run(process.execPath, ['--expose-gc', '--max-semi-space-size=2', child, doing])
    const { calls, grown } = JSON.parse(stdout)
    assert(calls >= 200_000 && grown < 16 * 2 ** 20, `${doing}: ${calls} calls, ${grown} bytes more`)
  })
}
