// Server bundles with the default settings of the bundlers, on machines with and without the addon.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { deployed, ENTRY, install, installIsolated, PLATFORM, PRINTED, run, TOOLS, tree } from './tree.mjs'

const tool = (name) => join(TOOLS, '.bin', name)
const WEBPACK = `
const webpack = require(${JSON.stringify(join(TOOLS, 'webpack'))})
const options = { mode: 'production', target: 'node', context: __dirname, entry: './entry.mjs', ...eval('({' + process.argv[2] + '})') }
webpack(options, (error, stats) => {
  if (error) throw error
  console.log(stats.toString())
  process.exit(stats.hasErrors() ? 1 : 0)
})`
const ESM = "experiments: { outputModule: true }, output: { module: true, filename: 'main.mjs' }"
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)"
const OUTSIDE = { esbuild: '--external:sandgate', webpack: "externals: /^sandgate/, externalsType: 'commonjs'" }

/** webpack without its command line, which is a separate package. */
const webpack = (root, options) => run(root, process.execPath, 'webpack.cjs', options)

/** How each of them bundles `entry.mjs` into `dist`. */
const BUNDLERS = {
  esbuild: (root) => run(root, tool('esbuild'), 'entry.mjs', '--bundle', '--platform=node', '--outdir=dist'),
  'esbuild to an ES module, with the banner of the README': (root) =>
    run(root, tool('esbuild'), 'entry.mjs', '--bundle', '--platform=node', '--format=esm', '--outfile=dist/main.mjs', `--banner:js=${BANNER}`),
  webpack: (root) => webpack(root, ''),
  'webpack for development': (root) => webpack(root, "mode: 'development'"),
  'webpack to an ES module': (root) => webpack(root, ESM),
  'esbuild, with the package outside': (root) =>
    run(root, tool('esbuild'), 'entry.mjs', '--bundle', '--platform=node', '--outdir=dist', OUTSIDE.esbuild),
  'webpack, with the package outside': (root) => webpack(root, OUTSIDE.webpack),
  vite: (root) => run(root, tool('vite'), 'build', '--ssr', 'entry.mjs'),
  'vite, with everything inside': (root) => run(root, tool('vite'), 'build', '--ssr', 'entry.mjs', '--config', 'inside.mjs'),
}

function application(...packages) {
  const inside = 'export default { ssr: { noExternal: true } }'
  return install(tree({ 'package.json': { type: 'commonjs' }, 'entry.mjs': ENTRY, 'webpack.cjs': WEBPACK, 'inside.mjs': inside }), ...packages)
}

function start(root) {
  const [file, ...more] = readdirSync(join(root, 'dist')).filter((name) => /\.[cm]?js$/.test(name))
  assert.deepEqual(more, [])
  // The bundle must not contain the path of the build machine, nor search it for an addon.
  assert.doesNotMatch(readFileSync(join(root, 'dist', file), 'utf8'), /sandgate-bundles-/)
  return run(root, process.execPath, join('dist', file))
}

for (const [name, bundle] of Object.entries(BUNDLERS)) {
  for (const packages of [['sandgate'], ['sandgate', PLATFORM]]) {
    test(`${name} builds with ${packages.join(' and ')} installed, and the bundle runs`, () => {
      const root = application(...packages)
      const { status, said } = bundle(root)
      assert.equal(status, 0, said)
      assert.doesNotMatch(said, /\b(warning|error)s?\b/i)

      const bundled = join(root, 'dist')
      // By default vite leaves dependencies outside.
      const outside = name === 'vite' || name.endsWith('outside') ? ['sandgate'] : []
      for (const put of [(root) => install(root, ...outside, PLATFORM), installIsolated]) {
        const { stdout, said } = start(deployed(bundled, put))
        assert.equal(stdout, PRINTED, said)
      }

      // Without an addon WebAssembly takes over, and nothing is said.
      const lacking = start(deployed(bundled, (root) => install(root, ...outside)))
      assert.deepEqual([lacking.stdout, lacking.stderr], [PRINTED, ''], lacking.said)
    })
  }
}

test('the README has the tested options', () => {
  const readme = readFileSync(join(application('sandgate'), 'node_modules/sandgate/README.md'), 'utf8')
  for (const option of [`--banner:js="${BANNER}"`, ...Object.values(OUTSIDE).map((option) => `\`${option}\``)]) {
    assert(readme.includes(option), option)
  }
})
