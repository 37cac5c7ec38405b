import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { selfSigned } from '../../hardware/simulators/certificate.ts'
import { mail } from '../../src/io/post/mail.ts'
import { webHook } from '../../src/io/post/web-hook.ts'
import type { Letter } from '../../src/ports/post.ts'

/*
 * The bytes of letters and web hooks whose words somebody else has chosen: a feed, a role or a file may be called anything,
 * and none of it makes a header, another reader, another part or a link.
 */

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const EVIL =
  'X\r\nBcc: thief@evil.example\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>\r\n.\r\nQUIT'
const LETTER: Letter = {
  ...{ id: 'letter-1', by: 'mail', to: ['estates@example.nhs.uk'], subject: EVIL, text: EVIL, written: 0 },
  pages: { [`../../${EVIL}".csv`]: '=1' },
}

test('a letter goes to whom it is written, in one part of text, whatever its words are', async () => {
  const { key, cert } = selfSigned()
  const got: { readonly to: readonly string[]; readonly text: string }[] = []
  const smtp = new SMTPServer({
    ...{ key, cert, authOptional: true, logger: false, closeTimeout: 10 },
    async onData(stream, { envelope }, done) {
      let text = ''
      for await (const chunk of stream.setEncoding('utf8')) text += chunk
      got.push({ to: envelope.rcptTo.map(({ address }) => address), text })
      done()
    },
  })
  smtp.on('error', () => {})
  await new Promise<void>((ready) => smtp.listen(0, '127.0.0.1', ready))
  ends.push(() => new Promise<void>((closed) => smtp.close(closed)))
  const { port } = smtp.server.address() as AddressInfo
  const lists = { reports: [], shiftLog: [], faults: [], digestMs: 1, afterMs: 0 }
  const carrier = mail(
    {
      host: 'localhost',
      port,
      security: 'starttls',
      from: 'bleepd@example.nhs.uk',
      least: 'warning',
      ...lists,
    },
    cert,
  )
  ends.push(() => carrier.close())
  expect(await carrier.carry(LETTER, AbortSignal.timeout(30_000))).toEqual({ kind: 'taken' })

  expect(got.map(({ to }) => to)).toEqual([['estates@example.nhs.uk']])
  const text = got[0]?.text ?? ''
  const boundary = /boundary="([^"]+)"/.exec(text)?.[1] ?? 'none'
  // What the letter says of itself, and what each of its parts does; behind that comes only text.
  const heads = text.split(`--${boundary}`).map((part) => part.trimStart().split('\r\n\r\n')[0] ?? '')
  expect(heads).toHaveLength(4)
  for (const head of heads) {
    expect(head).not.toMatch(/^(bcc|cc):/im)
    expect(head).not.toMatch(/^content-type: text\/html/im)
    expect((head.match(/^content-type:/gim) ?? []).length).toBeLessThanOrEqual(1)
  }
  // A dot alone on a line did not end it: the file that comes last is there.
  expect(text.indexOf('attachment')).toBeGreaterThan(text.lastIndexOf('QUIT', text.indexOf('attachment')))
})

test.each(['plain', 'slack', 'teams'] as const)(
  'a hook as %s is one body of JSON under one signature, and nothing in it is a link or an element',
  async (shape) => {
    const got: { readonly headers: object; readonly body: string }[] = []
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request.setEncoding('utf8')) body += chunk
      got.push({ headers: request.headers, body })
      response.end()
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    ends.push(() => {
      server.closeAllConnections()
      server.close()
    })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
    const settings = {
      name: 'estates',
      url,
      secret: 'a secret of the site',
      shape,
      least: 'alarm',
      afterMs: 0,
    } as const
    const words = `${EVIL} <!channel> [x](https://evil.example) <https://evil.example|here> **b**`
    const hook = webHook(settings, () => 1_800_000_000_000)
    expect(await hook.carry({ ...LETTER, text: words }, AbortSignal.timeout(30_000))).toEqual({
      kind: 'taken',
    })
    // An id with a line break in it, as no id of ours has, is not sent as two headers.
    expect(await hook.carry({ ...LETTER, id: EVIL }, AbortSignal.timeout(30_000))).toMatchObject({
      kind: 'later',
    })
    expect(got).toHaveLength(1)
    const [{ headers, body } = { headers: {}, body: '' }] = got
    expect(Object.keys(headers)).not.toContain('bcc')
    const text = JSON.stringify(JSON.parse(body))
    if (shape === 'slack') expect(text).not.toMatch(/<!channel>|<https:/)
    if (shape === 'teams') expect(text).not.toMatch(/[^\\]\[x\]|<script>/)
  },
)
