import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { Server as Hl7Server } from 'node-hl7-server'
import { afterEach, describe, expect, test } from 'vitest'
import type { FiledDocument } from '../../../src/core/record/document.ts'
import { controlId } from '../../../src/core/record/hl7.ts'
import type { Tls } from '../../../src/io/filing/exchange.ts'
import { hl7Way } from '../../../src/io/filing/hl7.ts'
import { selfSignedCertificate } from '../../../src/io/x509.ts'
import { aDocument, HL7_NAMES, inUtc } from '../../support/documents.ts'
import { ownPort } from '../../support/ports.ts'

const clock = { now: () => Date.now(), after: () => ({ cancel: () => undefined }) }
const random = { bytes: (n: number) => new Uint8Array(n).fill(7) }
const way = (port: number, tls?: Tls, lookUp?: number) =>
  hl7Way(
    {
      ...{ to: { host: '127.0.0.1', port, ...(tls ? { tls } : {}) }, names: HL7_NAMES, time: inUtc },
      ...(lookUp === undefined ? {} : { lookUp: { host: '127.0.0.1', port: lookUp } }),
    },
    { clock, random },
  )
const soon = () => AbortSignal.timeout(30_000)

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('with a server that nobody here wrote (node-hl7-server)', () => {
  const listen = async (tls?: { cert: string; key: string }) => {
    const port = await ownPort()
    const seen: { type: string; control: string; patient: string }[] = []
    const server = new Hl7Server({ bindAddress: '127.0.0.1', ...(tls ? { tls } : {}) })
    const inbound = server.createInbound({ port }, async (request, response) => {
      const message = request.getMessage()
      const at = (path: string) => message.get(path).toString()
      seen.push({ type: at('MSH.9.2'), control: at('MSH.10'), patient: at('PID.3') })
      await response.sendResponse(
        at('PID.3.1') === '9990000018' ? 'AA' : at('PID.3.1') === 'A111111' ? 'AE' : 'AR',
      )
    })
    await new Promise<void>((up) => inbound.once('listen', () => up()))
    closers.push(() => inbound.close())
    return { port, seen }
  }

  test.each([
    ['9990000018', 'nhs', { kind: 'taken', answer: 'AA' }],
    ['A111111', 'local', { kind: 'refused' }],
    ['A222222', 'local', { kind: 'rejected' }],
  ] as const)('%s: its AA, AE and AR are understood', async (value, scheme, want) => {
    const { port, seen } = await listen()
    const document = aDocument({ patient: { scheme, value } })
    expect(await way(port).send(document, soon())).toMatchObject(want)
    expect(seen).toMatchObject([{ type: 'T02', control: controlId(document) }])
    expect(seen[0]?.patient).toContain(value)
  })

  test('over TLS with the site’s own authority, and not with another', async () => {
    const subject = { commonName: 'engine', names: ['127.0.0.1', 'localhost'] }
    const pair = selfSignedCertificate(subject, Date.now(), 3_600_000)
    const other = selfSignedCertificate(subject, Date.now(), 3_600_000)
    const { port, seen } = await listen(pair)
    expect(await way(port, { ca: pair.cert }).send(aDocument(), soon())).toEqual({
      kind: 'taken',
      answer: 'AA',
    })
    expect(await way(port, { ca: pair.cert }).probe(soon())).toBeUndefined()
    expect(await way(port, { ca: other.cert }).send(aDocument(), soon())).toEqual({
      kind: 'later',
      fault: 'filing-untrusted',
    })
    expect(await way(port, { ca: other.cert }).probe(soon())).toBe('filing-untrusted')
    expect(await way(port, {}).send(aDocument(), soon())).toEqual({
      kind: 'later',
      fault: 'filing-untrusted',
    })
    expect(seen).toHaveLength(1)
  })
})

describe('with one that misbehaves', () => {
  /** A listener that is handed the message and its socket. */
  const listen = async (hear: (socket: Socket, message: string) => void) => {
    const sockets = new Set<Socket>()
    const server: Server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('data', (bytes) => hear(socket, bytes.toString('utf8')))
    }).listen(0, '127.0.0.1')
    await new Promise((up) => server.once('listening', up))
    closers.push(() => {
      for (const socket of sockets) socket.destroy()
      return new Promise((down) => server.close(down))
    })
    return (server.address() as AddressInfo).port
  }
  const ack = (code: string, control: string, more = '') =>
    `\x0bMSH|^~\\&|EPR|RXX|B|D|20261130||ACK|1|P|2.4\rMSA|${code}|${control}${more}\r\x1c\r`
  const slowly = (socket: Socket) => {
    for (const [i, c] of [...ack('AA', control)].entries()) setTimeout(() => socket.write(c), i)
  }
  const document: FiledDocument = aDocument()
  const control = controlId(document)

  test.each([
    ['an answer in pieces, byte by byte', slowly],
    ['two answers at once', (s: Socket) => s.write(ack('AA', control) + ack('AE', control))],
    ['an old answer first', (s: Socket) => s.write(ack('AE', 'B0001.1') + ack('AA', control))],
    ['noise before its answer', (s: Socket) => s.write(`HELLO\r\n\x00\x1c${ack('AA', control)}`)],
    ['a commit acknowledgement', (s: Socket) => s.write(ack('CA', control))],
  ])('%s', async (_, answer) => {
    const port = await listen((socket) => answer(socket))
    expect(await way(port).send(document, soon())).toMatchObject({ kind: 'taken' })
  })

  test.each([
    ['closes half-way', (s: Socket) => s.end(ack('AA', control).slice(0, 40)), 'filing-away'],
    ['cuts the line', (s: Socket) => s.destroy(), 'filing-away'],
    ['answers for another', (s: Socket) => s.end(ack('AA', 'B0001.1')), 'filing-away'],
    ['says what is no answer', (s: Socket) => s.write(ack('OK', control)), 'filing-answer-unreadable'],
    [
      'never stops talking',
      (s: Socket) => s.write(`\x0b${'x'.repeat(1_200_000)}`),
      'filing-answer-unreadable',
    ],
  ])('one that %s is tried again', async (_, answer, fault) => {
    const port = await listen((socket) => void answer(socket))
    expect(await way(port).send(document, soon())).toMatchObject({ kind: 'later', fault })
  })

  test('one that says nothing is left at the deadline, one that is not there at once', async () => {
    const port = await listen(() => undefined)
    expect(await way(port).send(document, AbortSignal.timeout(50))).toEqual({
      kind: 'later',
      fault: 'filing-away',
    })
    const nobody = await ownPort()
    expect(await way(nobody).send(document, soon())).toEqual({ kind: 'later', fault: 'filing-away' })
    expect(await way(nobody).probe(soon())).toBe('filing-away')
    expect(await way(port).send(document, AbortSignal.abort())).toEqual({
      kind: 'later',
      fault: 'filing-away',
    })
  })

  test('why it refused is kept as codes, and never its words', async () => {
    const err = '\rERR|PID^1^3^204&Unknown key identifier&HL70357'
    const port = await listen(
      (socket) => void socket.write(ack('AE', control, `|No patient MARY JONES${err}`)),
    )
    const said = await way(port).send(document, soon())
    expect(said).toEqual({ kind: 'refused', why: ['AE', 'PID.3', '204'] })
    const newer = `\rERR||PID^1^3|204^Unknown key identifier^HL70357|E|||MARY JONES`
    const port2 = await listen((socket) => void socket.write(ack('AR', control, newer)))
    expect(await way(port2).send(document, soon())).toEqual({
      kind: 'rejected',
      why: ['AR', 'PID.1.3', '204'],
    })
  })

  test('whom the record has under a number is asked by QBP^Q21', async () => {
    const asked: string[] = []
    const rsp = (query: string, rest: string) =>
      `\x0bMSH|^~\\&|EPR|RXX|B|D|20261130||RSP^K21^RSP_K21|1|P|2.4\rMSA|AA|${query.split('|')[9]}\rQAK|t|${rest}\r\x1c\r`
    let says = 'OK\rQPD|Q21|t|x\rPID|1||9990000018^^^NHS^NH~A1^^^RXX^MR||JONES\\T\\SMITH^MARY||19600201|F'
    const port = await listen((socket, query) => {
      asked.push(query)
      socket.write(rsp(query, says))
    })
    const look = way(1, undefined, port).look!
    const nhs = { scheme: 'nhs', value: '9990000018' } as const
    expect(await look(nhs, soon())).toEqual({ kind: 'one', name: 'MARY JONES&SMITH', born: '1960-02-01' })
    expect(asked[0]).toMatch(/QPD\|Q21\^Get Person Demographics\^HL7nnn\|Q[07]+\|9990000018\^\^\^NHS\^NH/)
    says = 'NF'
    expect(await look(nhs, soon())).toEqual({ kind: 'none' })
    says = 'OK\rPID|1||9990000018^^^NHS^NH\rPID|2||9990000018^^^NHS^NH'
    expect(await look(nhs, soon())).toEqual({ kind: 'several' })
    for (const strange of ['AE', 'OK', 'OK\rPID|1||9990000026^^^NHS^NH||SMITH^ANN']) {
      says = strange
      expect(await look(nhs, soon())).toEqual({ kind: 'away', fault: 'filing-answer-unreadable' })
    }
  })
})
