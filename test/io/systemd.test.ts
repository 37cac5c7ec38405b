import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { systemdWatchdog } from '../../src/io/systemd.ts'
import { removeFolder } from '../support/folders.ts'

const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill()
})

/** A service manager's side of the socket: prints every datagram as a line. */
const LISTENER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1].replace('@', chr(0), 1) if sys.argv[1].startswith('@') else sys.argv[1])
print('bound', flush=True)
while True:
    print(s.recv(4096).decode().replace(chr(10), '|'), flush=True)
`

async function listen(path: string) {
  const child = spawn('python3', ['-c', LISTENER, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(child)
  let text = ''
  let wanted = 0
  let resume: () => void = () => undefined
  child.stdout.on('data', (chunk) => {
    text += chunk
    if (text.split('\n').length - 1 >= wanted) resume()
  })
  const lines = (count: number) =>
    new Promise<string[]>((resolve) => {
      wanted = count
      resume = () => resolve(text.trimEnd().split('\n'))
      if (text.split('\n').length - 1 >= count) resume()
    })
  await lines(1)
  return lines
}

const python = spawnSync('python3', ['--version']).status === 0

for (const kind of ['path', 'abstract name'])
  test(`notifications reach a socket given by ${kind}`, async (ctx) => {
    if (!python) ctx.skip('needs python3 for the other end of the socket')
    const folder = mkdtempSync(join(tmpdir(), 'notify-'))
    const path = kind === 'path' ? join(folder, 'socket') : `@bleepd-test-${process.pid}`
    const lines = await listen(path)
    const watchdog = systemdWatchdog({ NOTIFY_SOCKET: path, WATCHDOG_USEC: '30000000' }, process.pid)
    expect(watchdog.patience).toBe(30_000)
    watchdog.ready()
    watchdog.status('Fit to\npage')
    watchdog.alive()
    watchdog.stopping()
    expect(await lines(5)).toEqual(['bound', 'READY=1', 'STATUS=Fit to page', 'WATCHDOG=1', 'STOPPING=1'])
    removeFolder(folder)
  })

test('without a service manager nothing happens', () => {
  const watchdog = systemdWatchdog({}, 1)
  expect(watchdog.patience).toBeUndefined()
  expect(() => watchdog.ready()).not.toThrow()
})

test('a watchdog meant for another process is not ours to feed', () => {
  const watchdog = systemdWatchdog(
    { NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '30000000', WATCHDOG_PID: '1' },
    2,
  )
  expect(watchdog.patience).toBeUndefined()
})

test('a socket that is gone or of another kind is told once asked, and never throws', () => {
  const told: string[] = []
  systemdWatchdog({ NOTIFY_SOCKET: '/nonexistent/socket' }, 1, (why) => told.push(why)).ready()
  systemdWatchdog({ NOTIFY_SOCKET: 'vsock:2:1234' }, 1, (why) => told.push(why)).ready()
  expect(told).toEqual([
    'the service manager did not take a notification',
    'NOTIFY_SOCKET is neither a path nor an abstract name',
  ])
})
