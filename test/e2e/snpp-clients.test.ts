import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { expect, test } from 'vitest'
import { LiveLine } from '../support/live-line.ts'
import { findProgram, runProgram } from '../support/program.ts'

/** Our SNPP machine behind a socket on the loopback address, one line for each client. */
async function listen(): Promise<{ server: Server; port: number; lines: LiveLine[] }> {
  const lines: LiveLine[] = []
  const server = createServer((socket) => {
    const line = new LiveLine('snpp', (reply) => socket.write(reply))
    lines.push(line)
    socket.on('data', (chunk) => line.hear(new Uint8Array(chunk)))
    socket.on('close', () => line.close())
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port, lines }
}

const talk = (lines: readonly LiveLine[]) => lines.flatMap((line) => line.transcript).join('\n')

test('Perl Net::SNPP sends a page and is told it was taken', async (ctx) => {
  const perl = findProgram('/usr/bin/perl')
  if (perl === undefined || (await runProgram(perl, ['-MNet::SNPP', '-e1'])).code !== 0)
    return ctx.skip('needs libnet-snpp-perl')
  const { server, port, lines } = await listen()
  try {
    const script = `
      use Net::SNPP;
      my $s = Net::SNPP->new('127.0.0.1', Port => ${port}) or die 'no greeting';
      $s->send(Pager => '1234', Message => 'Call 5678', Alert => 1) or die $s->message;
      $s->quit;`
    const outcome = await runProgram(perl, ['-e', script])
    expect(outcome, talk(lines)).toEqual({ code: 0, output: '' })
    const pages = lines.flatMap((line) => line.pages)
    expect(pages.map((p) => [p.to, p.text])).toEqual([[{ scheme: 'number', number: '1234' }, 'Call 5678']])
    expect(pages[0]?.fields).toMatchObject({ alert: '1' })
  } finally {
    server.close()
  }
})

test('HylaFAX sendpage sends a page and is told it was taken', async (ctx) => {
  const sendpage = findProgram('/usr/bin/sendpage')
  if (sendpage === undefined) return ctx.skip('needs hylafax-client')
  const { server, port, lines } = await listen()
  try {
    const outcome = await runProgram(sendpage, ['-h', `127.0.0.1:${port}`, '-p', '1234', 'Call 5678'])
    const pages = lines.flatMap((line) => line.pages)
    expect(
      pages.map((p) => [p.to, p.text]),
      `${outcome.output}\n${talk(lines)}`,
    ).toEqual([[{ scheme: 'number', number: '1234' }, 'Call 5678']])
    expect(outcome.code, outcome.output).toBe(0)
  } finally {
    server.close()
  }
})
