import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { datagramsTo } from '../../src/io/datagrams.ts'
import { toJournal } from '../../src/io/journal.ts'
import { openLog } from '../../src/io/log.ts'
import { removeFolder } from '../support/folders.ts'

/** What one entry says, read as the journal's protocol lays it down. */
function read(entry: Uint8Array): Record<string, string> {
  const found: Record<string, string> = {}
  let rest = Buffer.from(entry)
  while (rest.length > 0) {
    const line = rest.subarray(0, rest.indexOf('\n')).toString()
    const [name = '', ...value] = line.split('=')
    rest = rest.subarray(Buffer.byteLength(line) + 1)
    if (line.includes('=')) found[name] = value.join('=')
    else {
      const length = Number(rest.readBigUInt64LE())
      found[name] = rest.subarray(8, 8 + length).toString()
      rest = rest.subarray(8 + length + 1)
    }
  }
  return found
}

/** A log into a journal that takes what `takes` says, and what of it went to standard error instead. */
function journal(takes: () => boolean = () => true) {
  const entries: Record<string, string>[] = []
  const instead: string[] = []
  const send = (bytes: Uint8Array) => {
    if (!takes()) return false
    entries.push(read(bytes))
    return true
  }
  const to = toJournal(send, (line) => instead.push(line))
  return { log: openLog({ level: 'debug', to, base: { node: 'north' } }), entries, instead }
}

test('each field of a line is one of the entry, and its message reads as at a terminal', () => {
  const { log, entries, instead } = journal()
  log.error('page-lost', { feed: 'a', fault: 'line-quiet', noticesUnread: 3, text: 'JOHN SMITH' })
  for (const level of ['warn', 'info', 'debug'] as const) log[level]('b')
  expect(entries[0]).toEqual({
    MESSAGE: 'page-lost node=north feed=a fault=line-quiet noticesUnread=3 text=[redacted]',
    ...{ PRIORITY: '3', SYSLOG_IDENTIFIER: 'bleepd', BLEEPD_EVENT: 'page-lost', BLEEPD_NODE: 'north' },
    ...{
      BLEEPD_FEED: 'a',
      BLEEPD_FAULT: 'line-quiet',
      BLEEPD_NOTICES_UNREAD: '3',
      BLEEPD_TEXT: '[redacted]',
    },
  })
  expect(entries.map(({ PRIORITY }) => PRIORITY)).toEqual(['3', '4', '6', '7'])
  expect(instead).toEqual([])
})

test('no value makes a field of its own, whatever is in it', () => {
  const { log, entries } = journal()
  log.warn('x', { detail: 'one\nPRIORITY=0\n\nMESSAGE=all is well\u0000é', 'odd name=': ['a', { b: 1 }] })
  expect(entries).toEqual([
    expect.objectContaining({
      ...{ PRIORITY: '4', BLEEPD_DETAIL: 'one\nPRIORITY=0\n\nMESSAGE=all is well\u0000é' },
      BLEEPD_ODD_NAME_: '["a",{"b":1}]',
    }),
  ])
})

test('a line that the journal does not take goes to standard error with its priority, and the next one is tried anew', () => {
  let full = true
  const { log, entries, instead } = journal(() => !full)
  log.error('first', { feed: 'a' })
  full = false
  log.error('second')
  expect(instead.map((line) => line.slice(0, 4))).toEqual(['<3>{'])
  expect(JSON.parse(instead[0]?.slice(3) ?? '')).toMatchObject({ level: 'error', event: 'first', feed: 'a' })
  expect(entries.map(({ BLEEPD_EVENT }) => BLEEPD_EVENT)).toEqual(['second'])
})

test('without a socket, without libc and without anybody there, lines go to standard error', () => {
  const instead: string[] = []
  const broken = () => {
    throw new Error('no libc')
  }
  for (const send of [undefined, broken, datagramsTo('/nonexistent/socket'), datagramsTo('neither')])
    openLog({ to: toJournal(send, (line) => instead.push(line)) }).warn('x')
  expect(instead.map((line) => line.slice(0, 3))).toEqual(['<4>', '<4>', '<4>', '<4>'])
})

test('an entry reaches a real socket whole', async (ctx) => {
  if (spawnSync('python3', ['--version']).status !== 0)
    ctx.skip('needs python3 for the other end of the socket')
  const folder = mkdtempSync(join(tmpdir(), 'journal-'))
  const path = join(folder, 'socket')
  const listener = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('bound', flush=True)
sys.stdout.buffer.write(s.recv(65536))
`
  const peer = spawn('python3', ['-c', listener, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  const over = once(peer, 'exit')
  let heard = ''
  peer.stdout.on('data', (chunk: Buffer) => (heard += chunk.toString()))
  await expect.poll(() => heard).toBe('bound\n')
  const instead: string[] = []
  openLog({ to: toJournal(datagramsTo(path), (line) => instead.push(line)) }).info('started', { feeds: 2 })
  await over
  expect(instead).toEqual([])
  expect(heard).toBe(
    'bound\nMESSAGE=started feeds=2\nPRIORITY=6\nSYSLOG_IDENTIFIER=bleepd\nBLEEPD_EVENT=started\nBLEEPD_FEEDS=2\n',
  )
  removeFolder(folder)
})
