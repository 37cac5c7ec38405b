import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

const WEB = fileURLToPath(new URL('../../web/', import.meta.url))
/** The one library of the screens: the modules they import, and what those import in turn. */
const LIT = dirname(fileURLToPath(import.meta.resolve('lit-html')))
const VENDOR = ['lit-html.js', 'directive.js', 'directive-helpers.js', 'directives/repeat.js']

/** The screens: plain files as they are in src/web, and the one library they use. Checked for change on every load. */
export async function pages(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, {
    root: WEB,
    index: ['index.html'],
    redirect: true,
    dotfiles: 'deny',
    cacheControl: false,
    setHeaders: (reply) => reply.header('cache-control', 'no-cache'),
    allowedPath: (path) => !path.endsWith('.json') && !path.endsWith('.md'),
  })
  for (const file of VENDOR) {
    const text = await readFile(join(LIT, file), 'utf8')
    app.get(`/vendor/${file}`, { schema: { hide: true } }, (_request, reply) =>
      reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(text),
    )
  }
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/console/'))
}
