// The examples of the README work as shown.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as sandgate from 'sandgate'

const root = new URL('..', import.meta.url)
const text = readFileSync(new URL('README.md', root), 'utf8')
const blocksOf = (page) => [...page.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code]) => code)
const blocks = blocksOf(text)

test('the README has examples, and some print', () => {
  assert(blocks.length >= 8)
  assert(blocks.filter((code) => code.includes('// prints: ')).length >= 4)
})

/** The one block with these words. The example of `/init` also uses Express. */
function blockWith(mark) {
  const [code, ...more] = blocks.filter((block) => block.includes(mark) && (mark === INIT || !block.includes(INIT)))
  assert.equal(more.length, 0)
  return code
}
const INIT = "app.post('/init'"

/** Returns what a block prints, by its comments. */
const shownBy = (code) => [...code.matchAll(/\/\/ prints: (.*)$/gm)].map(([, line]) => `${line}\n`).join('')

for (const code of blocks) {
  const [first] = code.match(/from '(?!node:)[^']+'\n(?!import)/) ?? [code.split('\n')[0]]
  test(`the example with ${first.trim()}`, async () => {
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { cwd: fileURLToPath(root), timeout: 120_000 })
    const { stdout, stderr } = await run
    assert.deepEqual([stdout, stderr], [shownBy(code), ''])
  })
}

// Each of these pages of the repository has one example.
for (const page of ['README.md', 'docs/migration.md']) {
  test(`the example of ${page}`, async () => {
    const [code, ...more] = blocksOf(readFileSync(new URL(`../${page}`, root), 'utf8'))
    assert.equal(more.length, 0)
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { cwd: fileURLToPath(root), timeout: 120_000 })
    assert.deepEqual(await run, { stdout: shownBy(code), stderr: '' })
  })
}

// For each example of a server: lines that are appended to the block and send requests to it.
const ASKED = {
  "from 'express'": `const server = app.listen(0, '127.0.0.1', async () => {
    const ask = (token) => fetch('http://127.0.0.1:' + server.address().port + '/files?path=/a&username=u', { headers: { 'x-access-token': token } })
    console.log((await ask('wrong')).status, JSON.stringify(await (await ask('the access token of the sandbox')).json()))
    for (const [method, path] of [['HEAD', '/files'], ['GET', '/files/'], ['GET', '/FILES'], ['GET', '/files?path=/a']]) {
      console.log((await fetch('http://127.0.0.1:' + server.address().port + path, { method, headers: { 'x-access-token': 'the access token of the sandbox' } })).status)
    }
    server.close()
    server.closeAllConnections()
  })`,
  "from 'fastify'": `for (const token of ['wrong', 'the access token of the sandbox']) {
    const { statusCode, body } = await app.inject({ url: '/files?path=/a', headers: { 'x-access-token': token } })
    console.log(statusCode, body.slice(0, 2))
  }
  console.log((await app.inject({ method: 'HEAD', url: '/files', headers: { 'x-access-token': 'the access token of the sandbox' } })).statusCode)
  server.listen(0, '127.0.0.1', async () => {
    console.log((await fetch('http://127.0.0.1:' + server.address().port + '/health')).status)
    server.close()
    server.closeAllConnections()
  })`,
  "from 'hono'": `for (const token of ['wrong', 'the access token of the sandbox']) {
    const answer = await app.request('/files?path=/a', { headers: { 'x-access-token': token } })
    console.log(answer.status, (await answer.text()).slice(0, 2))
  }
  console.log((await app.request('/files', { method: 'HEAD', headers: { 'x-access-token': 'the access token of the sandbox' } })).status)`,
  [INIT]: `const server = app.listen(0, '127.0.0.1', async () => {
    const base = 'http://127.0.0.1:' + server.address().port
    const init = async (body) => { const answer = await fetch(base + '/init', { method: 'POST', body }); console.log(answer.status, answer.headers.get('content-type')) }
    const metrics = async (token) => console.log((await fetch(base + '/metrics', { headers: { 'x-access-token': token } })).status)
    await metrics('a')
    await init('{"accessToken":"' + 'a'.repeat(70_000) + '"}')
    await init('{"accessToken":"b"}')
    await init('{')
    await init('{"accessToken":"a"}')
    await metrics('a') // Past the guard: there is no such route.
    await metrics('b')
    server.close()
    server.closeAllConnections()
  })`,
}
const SAID = {
  "from 'express'": '401 {"path":"/a","user":"u"}\n404\n404\n404\n200\n',
  "from 'fastify'": '401 {"\n200 /a\n404\n200\n',
  "from 'hono'": '401 {"\n200 /a\n404\n',
  [INIT]: '401\n413 text/html; charset=utf-8\n401 application/json; charset=utf-8\n400 application/json; charset=utf-8\n204 null\n404\n401\n',
}

const folder = mkdtempSync(join(tmpdir(), 'sandgate-readme-'))
after(() => rmSync(folder, { recursive: true }))
/** The SHA-512 of "a", and a newline at its end. */
const published = join(folder, 'expected_hash')
writeFileSync(published, `${createHash('sha512').update('a').digest('hex')}\n`)

for (const [mark, asked] of Object.entries(ASKED)) {
  test(`the server example with ${mark} answers as expected`, async () => {
    const env = { ...process.env, EXPECTED_HASH_FILE: published }
    const code = blockWith(mark) + asked
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { cwd: fileURLToPath(root), timeout: 120_000, env })
    assert.equal(stdout, SAID[mark])
  })
}

test('the table of codes equals that of the package', () => {
  const types = readFileSync(new URL('types/errors.d.ts', root), 'utf8')
  const [, union] = types.match(/type DeniedCode =([^;]*);/)
  const listed = [...text.matchAll(/^\| `(ERR_\w+)` \|/gm)].map(([, code]) => code)
  assert.deepEqual(listed, [...union.matchAll(/'(ERR_\w+)'/g)].map(([, code]) => code))
  assert(sandgate.SandgateError)
})
