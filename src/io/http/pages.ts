import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { constants } from 'node:zlib'
import fastifyCompress from '@fastify/compress'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import type { Language } from '../../core/catalogue/languages.ts'
import { appPage } from './app-page.ts'
import { catalogueModule, framed } from './speech.ts'

const WEB = fileURLToPath(new URL('../../web/', import.meta.url))
/** Nearly as small as the best, in a tenth of its time: files are compressed while others are paged. */
const QUICK = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }
/** The one library of the screens: the modules they import, and what those import in turn. */
const LIT = dirname(fileURLToPath(import.meta.resolve('lit-html')))
const VENDOR = ['lit-html.js', 'directive.js', 'directive-helpers.js', 'directives/repeat.js']

/**
 * The screens: plain files as they are in src/web, and the one library they use. Checked for change on every load. The
 * phone app comes as one page, put together at the start, and its worker tells when anything of it has changed.
 */
export async function pages(app: FastifyInstance, language: Language): Promise<void> {
  const vendor = new Map<string, string>()
  for (const file of VENDOR) vendor.set(`/vendor/${file}`, await readFile(join(LIT, file), 'utf8'))
  const catalogue = catalogueModule(language)
  const version = await versionOf([...vendor.values(), catalogue])
  const release = `export const VERSION = '${version}'\n`
  const frame = (screen: string) => framed(readFileSync(join(WEB, screen, 'index.html'), 'utf8'), language)
  const phone = appPage(
    frame('app'),
    (path) =>
      path === '/app/version.js' ? release : (vendor.get(path) ?? readFileSync(join(WEB, path), 'utf8')),
    (told) => catalogueModule(language, told),
  )
  const made = {
    ...Object.fromEntries(vendor),
    '/shared/catalogue.js': catalogue,
    '/app/version.js': release,
    '/app/worker.js': `${phone.worker}\n// ${version}\n`,
  }
  // A ward at the end of a bad wireless network opens the app in seconds: it is five times as large otherwise.
  await app.register(fastifyCompress, { encodings: ['br', 'gzip'], threshold: 512, brotliOptions: QUICK })
  await app.register(fastifyStatic, {
    root: WEB,
    index: ['index.html'],
    redirect: true,
    dotfiles: 'deny',
    cacheControl: false,
    setHeaders: (reply) => reply.header('cache-control', 'no-cache'),
    allowedPath: (path) => !/\.(json|md|html)$/.test(path),
  })
  for (const [path, text] of Object.entries(made)) {
    app.get(path, { schema: { hide: true } }, (_request, reply) =>
      reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(text),
    )
  }
  const screens = {
    '/app/': { text: phone.page, headers: { 'content-security-policy': phone.policy } },
    '/console/': { text: frame('console'), headers: {} },
    '/ward/': { text: frame('ward'), headers: {} },
  }
  const etag = `"${version}"`
  for (const [path, { text, headers }] of Object.entries(screens)) {
    app.get(path, { schema: { hide: true } }, (request, reply) => {
      void reply.headers({ ...headers, 'cache-control': 'no-cache', etag })
      if (request.headers['if-none-match'] === etag) return reply.code(304).send()
      return reply.type('text/html; charset=utf-8').send(text)
    })
  }
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/console/'))
}

/** Changes with every file of the screens. */
async function versionOf(made: Iterable<string>): Promise<string> {
  const files = await readdir(WEB, { recursive: true, withFileTypes: true })
  const paths = files.filter((f) => f.isFile()).map((f) => join(f.parentPath, f.name))
  const digest = createHash('sha256')
  for (const text of made) digest.update(text)
  for (const path of paths.sort()) digest.update(path.slice(WEB.length)).update(await readFile(path))
  return digest.digest('hex').slice(0, 16)
}
