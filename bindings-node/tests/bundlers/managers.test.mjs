// With other package managers, an application and its bundle find the addon of an indirect dependency.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ENTRY, PLATFORM, PRINTED, run, TARBALLS, TOOLS, tree } from './tree.mjs'

const file = (name) => `file:${TARBALLS[name]}`
const tool = (...path) => join(TOOLS, ...path)
const bundle = (root) => run(root, tool('.bin/esbuild'), 'entry.mjs', '--bundle', '--platform=node', '--outfile=dist/main.cjs')

function works(outcome) {
  assert.deepEqual([outcome.status, outcome.stdout], [0, PRINTED], outcome.said)
}

test('pnpm with its default links finds the addon', () => {
  const root = tree({
    'entry.mjs': ENTRY,
    'package.json': { private: true, dependencies: { sandgate: file('sandgate') } },
    'pnpm-workspace.yaml': `packages: ['.']\noverrides: { ${PLATFORM}: '${file(PLATFORM)}' }\nstoreDir: ./store\n`,
  })
  // Under CI=true both managers refuse to write the lock file that a new tree lacks.
  const pnpm = (...args) => run(root, process.execPath, tool('pnpm/bin/pnpm.cjs'), ...args)
  const { status, said } = pnpm('install', '--offline', '--ignore-scripts', '--no-frozen-lockfile')
  assert.equal(status, 0, said)
  assert(!existsSync(join(root, 'node_modules', PLATFORM)), 'the application sees what it did not ask for')

  works(run(root, process.execPath, 'entry.mjs'))
  assert.equal(bundle(root).status, 0)
  works(run(root, process.execPath, 'dist/main.cjs'))
})

test("Yarn's Plug'n'Play", () => {
  const root = tree({
    'entry.mjs': ENTRY,
    'package.json': {
      private: true,
      type: 'module',
      dependencies: { sandgate: file('sandgate') },
      resolutions: { [PLATFORM]: file(PLATFORM) },
    },
    'yarn.lock': '',
    '.yarnrc.yml': ['Network', 'GlobalCache', 'ImmutableInstalls', 'Telemetry'].map((name) => `enable${name}: false\n`).join(''),
  })
  const yarn = (...args) => run(root, process.execPath, tool('@yarnpkg/cli-dist/bin/yarn.js'), ...args)
  const { status, said } = yarn('install')
  assert.equal(status, 0, said)
  assert(existsSync(join(root, '.pnp.cjs')) && !existsSync(join(root, 'node_modules')))

  works(yarn('node', 'entry.mjs'))
  assert.equal(bundle(root).status, 0)
  works(yarn('node', 'dist/main.cjs'))
})
