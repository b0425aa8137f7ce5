// Builds the page: one file, script and style inside, and a policy that allows exactly these. `node build.mjs OUT.html`
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const [out] = process.argv.slice(2)
if (!out) throw new Error('usage: node build.mjs OUT.html')
const source = (name) => new URL(`src/${name}`, import.meta.url)

const { outputFiles } = await build({
  entryPoints: [source('main.js').pathname],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'warning',
})
// What would end the element early stands nowhere but in a string.
const script = outputFiles[0].text.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
const style = readFileSync(source('style.css'), 'utf8')

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)} 'wasm-unsafe-eval'`,
  `style-src ${hash(style)}`,
  'img-src data:',
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const parts = { policy, style, script }
const page = readFileSync(source('page.html'), 'utf8').replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name])
writeFileSync(out, page)
