import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import type { z } from 'zod'
import type { Whole } from '../config/whole.ts'
import { healthView } from '../core/desk/views.ts'
import { SECOND } from '../core/instant.ts'
import { readJson } from '../core/json.ts'

/** What the daemon of this machine says of itself, as far as it answers within two seconds. */
export interface OwnDaemon {
  readonly alive?: z.infer<typeof healthView>
  readonly ready?: z.infer<typeof healthView>
  readonly metrics?: string
}

export async function ownDaemon({ config }: Whole): Promise<OwnDaemon> {
  const [alive, ready, metrics] = await Promise.all(
    ['/healthz', '/readyz', '/metrics'].map((path) => asked(config.http, path)),
  )
  return {
    ...read('alive', alive),
    ...read('ready', ready),
    ...(metrics === undefined ? {} : { metrics }),
  }
}

function read(name: 'alive' | 'ready', text: string | undefined) {
  const parsed = healthView.safeParse(readJson(text ?? ''))
  return parsed.success ? { [name]: parsed.data } : {}
}

const ANY = new Set(['0.0.0.0', '::'])

function asked({ host, port, tls }: Whole['config']['http'], path: string): Promise<string | undefined> {
  // Nothing secret is sent, and the certificate is made out to the name that phones use: it is not looked at.
  const where = { host: ANY.has(host) ? '127.0.0.1' : host, port, path, rejectUnauthorized: false }
  return new Promise((done) => {
    const ask = (tls ? secure : plain)(where, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      answer.on('end', () => done(text))
    })
    ask.setTimeout(2 * SECOND, () => ask.destroy())
    ask.on('error', () => done(undefined))
    ask.on('close', () => done(undefined))
    ask.end()
  })
}
