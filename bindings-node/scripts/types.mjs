// Generates the public types with tsc. `node scripts/types.mjs` writes `types/`; with `--check` it compares instead.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const committed = join(root, 'types')
const scratch = mkdtempSync(join(tmpdir(), 'sandgate-types-'))
const made = join(scratch, 'types')

function contents(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => statSync(join(folder, file)).isFile())
  return new Map(files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
}

try {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const flags = ['--declaration', '--emitDeclarationOnly', '--declarationDir', made]
  execFileSync(process.execPath, [tsc, '-p', root, ...flags], { stdio: 'inherit' })
  // Modules without public types.
  for (const [file, text] of contents(made)) if (text === 'export {};\n') rmSync(join(made, file))
  if (process.argv.includes('--check')) {
    const [now, then] = [contents(made), contents(committed)]
    const changed = [...new Set([...now.keys(), ...then.keys()])].filter((file) => now.get(file) !== then.get(file))
    if (changed.length > 0) throw new Error(`types/ is not as generated: run \`npm run types\`: ${changed.join(', ')}`)
  } else {
    rmSync(committed, { recursive: true, force: true })
    cpSync(made, committed, { recursive: true })
  }
} finally {
  rmSync(scratch, { recursive: true })
}
