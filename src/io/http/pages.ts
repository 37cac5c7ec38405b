import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

const WEB = fileURLToPath(new URL('../../web/', import.meta.url))
const LIT = fileURLToPath(import.meta.resolve('lit-html'))

/** The screens: plain files as they are in src/web, and the one library they use. Checked for change on every load. */
export async function pages(app: FastifyInstance): Promise<void> {
  const lit = await readFile(LIT, 'utf8')
  await app.register(fastifyStatic, {
    root: WEB,
    index: ['index.html'],
    redirect: true,
    dotfiles: 'deny',
    cacheControl: false,
    setHeaders: (reply) => reply.header('cache-control', 'no-cache'),
    allowedPath: (path) => !path.endsWith('.json') && !path.endsWith('.md'),
  })
  app.get('/vendor/lit-html.js', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(lit),
  )
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/console/'))
}
