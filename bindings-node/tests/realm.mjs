// The package in another realm, loaded as by jest: its JavaScript inside a context, the addon and Node's modules outside.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { runInContext, Script } from 'node:vm'

const require = createRequire(import.meta.url)

/** Returns a `require` for the package's entry points, whose modules run in the context. */
export function requireIn(context) {
  const modules = new Map()
  function load(file) {
    if (!modules.has(file)) {
      const module = { exports: {} }
      modules.set(file, module)
      const { resolve } = createRequire(file)
      const inner = (name) => (/^[.#]/.test(name) && !name.endsWith('.node') ? load(resolve(name)) : createRequire(file)(name))
      const code = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`
      new Script(code, { filename: file }).runInContext(context)(module.exports, inner, module, file, dirname(file))
    }
    return modules.get(file).exports
  }
  return (name) => load(require.resolve(name))
}

/** Returns the tables of `calls.mjs`, made in a context with the package of that context. */
export function callsIn(context) {
  const inner = requireIn(context)
  const code = readFileSync(new URL('./calls.mjs', import.meta.url), 'utf8')
    .replace(/^import (\{[^}]*\}) from ('.*')$/gm, 'const $1 = require($2)')
    .replace(/^export const /gm, 'const ')
  const tables = '{ TEXT, SDK_TEXT, NUMBERS, TIMES, LIFETIMES, V1_KEY, V2_KEY, V1_RING, CONTROLLER, EDGE, ROUTE, TRAFFIC, SECRETIVE }'
  return { require: inner, ...runInContext(`(require) => {${code}\nreturn ${tables}\n}`, context)(inner) }
}
