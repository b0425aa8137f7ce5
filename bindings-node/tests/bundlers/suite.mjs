// The suite's files that need no Node, bundled for a runtime that is none.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Files of the suite that need no Node. */
const SUITE = [
  'controller', 'creation', 'describe', 'dispose', 'edge', 'errors', 'explain', 'fetch', 'forward', 'grant_values', 'guard_table', 'initialize',
  'life_table', 'number_arguments', 'object_arguments', 'policy', 'properties_v1', 'properties_v2', 'secrecy', 'secrecy_of_all_types',
  'text_arguments', 'times', 'vectors_v1', 'vectors_v2', 'wake', 'webhook',
]
const here = dirname(fileURLToPath(import.meta.url))
const shim = (name) => join(here, 'shims', name)
const ALIAS = {
  'node:test': shim('test.mjs'),
  'node:assert/strict': shim('assert.mjs'),
  'node:buffer': shim('buffer.mjs'),
  'node:crypto': shim('crypto.mjs'),
  'node:util': join(here, 'node_modules/node-inspect-extracted/dist/inspect.js'),
  'node:v8': shim('v8.mjs'),
  'node:vm': shim('vm.mjs'),
}
/** The one function of an SDK that `sandgate/e2b` takes the place of. */
const DEFINITION = /^async function getSignature\(\{[\s\S]*?^\}\n/gm
const SIGNER = /\/(e2b\/dist\/index|novita-sandbox\/dist\/chunk-MZHCBDPR)\.mjs$/

/** `assert` and `util` of npm ask `process`; the package itself must not find one. */
const process = {
  name: 'process',
  setup(building) {
    building.onLoad({ filter: /\/node_modules\/(assert|util)\/.*\.js$/ }, ({ path }) => ({
      contents: `var process = { env: {}, stderr: {}, nextTick: queueMicrotask };\n${readFileSync(path, 'utf8')}`,
      loader: 'js',
    }))
  },
}

/** Reads the vectors at build time: there is no file system later. */
const vectors = {
  name: 'vectors',
  setup(building) {
    building.onLoad({ filter: /\/tests\/vectors\.mjs$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
        .replace(/^(import .* from 'node:(fs|url)'|const FOLDER = .*)$/gm, '')
        .replace("readFileSync(new URL(`${FOLDER}/${name}`), 'utf8')", 'FILES[name]')
      const folder = join(dirname(path), '../../vectors')
      const files = Object.fromEntries(['e2b-v1.json', 'v2.json', 'guard.json', 'life.json'].map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
      return { contents: `const FILES = ${JSON.stringify(files)}\n${text}`, loader: 'js' }
    })
  },
}

/** An SDK by its name with `?ours`: with `getSignature` of this package. Modules of Node that the SDKs do not sign with are empty. */
const sdks = (root) => ({
  name: 'sdks',
  setup(building) {
    building.onResolve({ filter: /^(e2b|novita-sandbox)\?ours$/ }, async ({ path, resolveDir }) => {
      const found = await building.resolve(path.replace('?ours', ''), { resolveDir, kind: 'import-statement' })
      return { ...found, namespace: 'file', suffix: '?ours' }
    })
    building.onResolve({ filter: /chunk-MZHCBDPR\.mjs$/ }, ({ path, importer, resolveDir, pluginData }) =>
      pluginData === 'ours' ? { path: join(resolveDir, path), suffix: '?ours', pluginData } : undefined,
    )
    building.onLoad({ filter: /\/(e2b|novita-sandbox)\/dist\/.*\.mjs$/ }, ({ path, suffix }) => {
      if (suffix !== '?ours') return undefined
      let contents = readFileSync(path, 'utf8')
      if (SIGNER.test(path)) {
        const [own, ...more] = contents.match(DEFINITION)
        if (more.length > 0) throw new Error('not one definition')
        contents = `import { getSignature } from 'sandgate/e2b';\n${contents.replace(own, '')}`
      }
      return { contents, loader: 'js', resolveDir: dirname(path), pluginData: 'ours' }
    })
    building.onResolve({ filter: /^sandgate(\/|$)/ }, ({ path, importer }) =>
      importer.includes('/dist/') && !importer.startsWith(root) ? building.resolve(path, { resolveDir: root, kind: 'import-statement' }) : undefined,
    )
    building.onResolve({ filter: /^(node:.*|fs|path|os|crypto|stream|util|url|events|child_process|http|https|zlib|tty|net|tls|assert|buffer)$/ }, ({ path }) =>
      path in ALIAS ? undefined : { path: shim('empty.cjs') },
    )
  },
})

/** Bundles the suite of a tree with an installed package into a file that exports `run`. */
export async function bundleSuite(root, outfile, options, ...plugins) {
  const files = [...SUITE.map((name) => join(root, `tests/${name}.test.mjs`)), join(here, 'portable/hono.mjs'), join(here, 'portable/sdk.mjs')]
  const entry = [
    `import ${JSON.stringify(shim('buffer.mjs'))}`,
    ...files.map((file) => `import ${JSON.stringify(file)}`),
    "export { backend } from 'sandgate'",
    `export { runAll } from ${JSON.stringify(ALIAS['node:test'])}`,
  ].join('\n')
  await build({
    stdin: { contents: entry, resolveDir: root },
    bundle: true,
    format: 'esm',
    outfile,
    logLevel: 'error',
    nodePaths: [join(root, 'node_modules'), join(here, 'node_modules')],
    alias: ALIAS,
    define: { 'process.env.NODE_DEBUG': 'undefined', global: 'globalThis' },
    plugins: [...plugins, process, vectors, sdks(root)],
    ...options,
  })
}
