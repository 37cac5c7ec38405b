import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { selfSigned } from '../../../hardware/simulators/certificate.ts'
import type { MailSettings } from '../../../src/config/post.ts'
import { mail } from '../../../src/io/post/mail.ts'
import type { Letter } from '../../../src/ports/post.ts'

const identity = selfSigned()
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const LETTER: Letter = {
  id: 'letter-1',
  by: 'mail',
  to: ['matron@example.nhs.uk', 'lead@example.nhs.uk'],
  subject: 'Demo: report of the night shift',
  text: 'Figures only.\n.\nA line after a dot.',
  pages: { '2026-11-29-night.csv': 'hop,p50\nhanded,12\n' },
  written: 0,
}

/** A real SMTP server that keeps what it is given. */
async function server(more: SMTPServerOptions = {}) {
  const got: { to: string[]; secure: boolean; user: unknown; text: string }[] = []
  const smtp = new SMTPServer({
    ...{ key: identity.key, cert: identity.cert, authOptional: true, logger: false, closeTimeout: 10 },
    onData(stream, session, done) {
      let text = ''
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        got.push({ to, secure: session.secure, user: session.user, text })
        done()
      })
    },
    ...more,
  })
  smtp.on('error', () => {})
  await new Promise<void>((ready) => smtp.listen(0, '127.0.0.1', ready))
  ends.push(() => new Promise<void>((closed) => smtp.close(closed)))
  return { got, port: (smtp.server.address() as AddressInfo).port }
}

function send(
  port: number,
  more: Partial<MailSettings> = {},
  within = 30_000,
  ca: string | undefined = identity.cert,
) {
  const lists = { reports: [], shiftLog: [], faults: [], least: 'warning', digestMs: 1, afterMs: 0 } as const
  const settings = { host: 'localhost', port, security: 'starttls', from: 'bleepd@example.nhs.uk' } as const
  const carrier = mail({ ...settings, ...{ ...lists, reports: [], shiftLog: [], faults: [] }, ...more }, ca)
  ends.push(() => carrier.close())
  return carrier.carry(LETTER, AbortSignal.timeout(within))
}

describe('letters by a mail server', () => {
  test('encrypted on the way, to everybody at once, with the page beside it', async () => {
    const { got, port } = await server()
    expect(await send(port)).toEqual({ kind: 'taken' })
    expect(got).toMatchObject([{ to: LETTER.to, secure: true }])
    expect(got[0]?.text).toContain('Message-ID: <letter-1@bleep-bridge>')
    expect(got[0]?.text).toContain('A line after a dot.')
    expect(got[0]?.text).toContain('2026-11-29-night.csv')
  })

  test('signed in with the password of the site', async () => {
    const { got, port } = await server({
      authOptional: false,
      onAuth: ({ username, password }, _session, done) =>
        password === 'right' ? done(null, { user: username ?? '' }) : done(new Error('no')),
    })
    expect(await send(port, { user: 'bleepd', password: 'right' })).toEqual({ kind: 'taken' })
    expect(got).toMatchObject([{ user: 'bleepd', secure: true }])
    expect(await send(port, { user: 'bleepd', password: 'wrong' })).toEqual({
      kind: 'refused',
      fault: 'post-refused',
    })
  })

  test('a server that offers no encryption, or one that nobody vouches for, is given nothing', async () => {
    const bare = await server({ disabledCommands: ['STARTTLS'] })
    expect((await send(bare.port)).kind).not.toBe('taken')
    expect(bare.got).toEqual([])
    const stranger = await server()
    expect((await send(stranger.port, {}, 4000, '')).kind).not.toBe('taken')
    expect(stranger.got).toEqual([])
  })

  test('a wrong address is refused for good; a full mailbox, a silent server and none at all are tried again', async () => {
    const refuse = (responseCode: number) =>
      server({
        onRcptTo: (_to, _session, done) => done(Object.assign(new Error('no'), { responseCode })),
      })
    expect(await send((await refuse(550)).port)).toEqual({ kind: 'refused', fault: 'post-refused' })
    const silent = await server({ onConnect: () => {} })
    expect(await send(silent.port, {}, 300)).toEqual({ kind: 'later', fault: 'post-unreachable' })
    expect(await send(1)).toEqual({ kind: 'later', fault: 'post-unreachable' })
  })
})
