// Directory trees of an application with the package, as package managers make them.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

export const PLATFORM = 'sandgate-linux-x64-gnu'
export const TARBALLS = { sandgate: process.env.SANDGATE_PACKAGE, [PLATFORM]: process.env.SANDGATE_PLATFORM_PACKAGE }
export const TOOLS = fileURLToPath(new URL('node_modules', import.meta.url))
export const RUNTIMES = process.env.SANDGATE_RUNTIMES

const scratch = mkdtempSync(join(tmpdir(), 'sandgate-bundles-'))
after(() => rmSync(scratch, { recursive: true, force: true }))

/** An application that uses every door, and prints the length of a token that the addon made. */
export const ENTRY = `
import { v1, v2 } from 'sandgate'
import { getSignatureSync } from 'sandgate/e2b'
import { guardController } from 'sandgate/http'
import * as fetch from 'sandgate/fetch'
if ([v2.Keyring, getSignatureSync, guardController, fetch.guardEdge].some((door) => typeof door !== 'function')) throw new Error('a door is missing')
console.log(new v1.Keyring('a secret of at least 16 bytes').accessToken('i94gcaqbpvohfr764s5l').length)
`
export const PRINTED = '64'

/** An empty folder outside every node_modules. */
export function folder() {
  return mkdtempSync(join(scratch, 'tree-'))
}

/** A folder with these files; a value that is not text is written as JSON. */
export function tree(files) {
  const root = folder()
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return root
}

/** Puts packages into node_modules, as npm does. */
export function install(root, ...names) {
  for (const name of names) unpack(join(root, 'node_modules', name), TARBALLS[name])
  return root
}

/** The same as pnpm does: the application sees only its direct dependencies. */
export function installIsolated(root) {
  const store = join(root, 'node_modules/.pnpm/sandgate@0.1.0/node_modules')
  for (const [name, tarball] of Object.entries(TARBALLS)) unpack(join(store, name), tarball)
  symlinkSync('.pnpm/sandgate@0.1.0/node_modules/sandgate', join(root, 'node_modules/sandgate'))
  return root
}

function unpack(into, tarball) {
  mkdirSync(into, { recursive: true })
  execFileSync('tar', ['--extract', '--gzip', '--strip-components=1', '--file', tarball, '--directory', into])
}

/** A machine with the bundle, and only the given packages in node_modules. */
export function deployed(bundle, put = (root) => root) {
  const root = folder()
  cpSync(bundle, join(root, 'dist'), { recursive: true })
  return put(root)
}

/** Runs a program and returns its output and its exit status. */
export function run(root, program, ...args) {
  const env = { ...process.env, NO_COLOR: '1', NODE_PATH: '' }
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: root, encoding: 'utf8', env, timeout: 180_000 })
  if (error) throw error
  return { status, stdout: stdout.trim(), stderr, said: stdout + stderr }
}
