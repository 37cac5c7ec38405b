import { readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'

/*
 * Stands in for baresip and goes wrong in one way, which it reads before each command: `odd-baresip.ts MOOD_FILE -f
 * FOLDER`. It opens the control socket that the folder's `config` names, and speaks netstrings of JSON as the real one.
 */
const [, , moodFile = '', , folder = ''] = process.argv
const moodNow = () => readFileSync(moodFile, 'utf8')
const port = Number(
  /ctrl_tcp_listen 127\.0\.0\.1:(\d+)/.exec(readFileSync(join(folder, 'config'), 'utf8'))?.[1],
)

const framed = (message: object): string => {
  const text = JSON.stringify(message)
  return `${Buffer.byteLength(text)}:${text},`
}
const event = (type: string, param = '', direction = 'outgoing') =>
  framed({ event: true, type, class: 'call', direction, param })
const [rings, up, closed] = [event('CALL_RINGING'), event('CALL_ESTABLISHED'), event('CALL_CLOSED')]
const key = (pressed: string) => event('CALL_DTMF_START', pressed)

/** What it does once it is told to dial; anything else is well. */
const DIALLED: Readonly<Record<string, (socket: Socket) => void>> = {
  well: (socket) => socket.write(rings + up + key('1')),
  refuses: () => {},
  'rings for ever': (socket) => socket.write(rings),
  'half an answer': (socket) => socket.end(up.slice(0, 20)),
  'a minus before its length': (socket) => socket.write('-4:{}, and so on'),
  'no length at all': (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'a length without end': (socket) => socket.write('99999999:{"event":true'),
  'words that are no JSON': (socket) => socket.write(`3:{{{,5:[1,2],4:null,${rings}${up}${key('1')}`),
  'a byte at a time': (socket) => {
    const bytes = [...(rings + up + key('1'))]
    const drip = () => {
      const next = bytes.shift()
      if (next !== undefined) socket.write(next, () => setImmediate(drip))
    }
    drip()
  },
  'dies in the call': (socket) => socket.write(up, () => process.exit(1)),
  'is rung back in the call': (socket) => {
    const back = event('CALL_INCOMING', '', 'incoming') + event('CALL_CLOSED', '', 'incoming')
    socket.write(`${rings}${back}${up}${back}${key('1')}`)
  },
  'the same key twice': (socket) => socket.write(`${up}${key('1')}${key('1')}${key('2')}`),
  'hangs once it is picked up': (socket) => socket.write(rings + up),
}

interface Command {
  readonly command: string
  readonly params?: string
  readonly token: string
}

function heed(socket: Socket, { command, params, token }: Command): void {
  const mood = moodNow()
  if (mood === 'hangs' || (mood === 'hangs at 4421' && params?.startsWith('sip:4421@'))) return
  if (mood === 'hangs once it is picked up' && command === 'hangup') return
  socket.write(framed({ response: true, ok: mood !== 'refuses', data: '', token }))
  if (command === 'dial') (DIALLED[mood] ?? DIALLED.well)?.(socket)
  if (command === 'hangup') socket.write(closed)
}

const server = createServer((socket) => {
  let rest = ''
  socket.on('error', () => {})
  socket.setEncoding('utf8').on('data', (bytes: string) => {
    rest += bytes
    for (let found = /^(\d+):/.exec(rest); found !== null; found = /^(\d+):/.exec(rest)) {
      const [head, length] = [found[0].length, Number(found[1])]
      if (rest.length < head + length + 1) return
      heed(socket, JSON.parse(rest.slice(head, head + length)))
      rest = rest.slice(head + length + 1)
    }
  })
})
if (moodNow() !== 'never listens') server.listen(port, '127.0.0.1')
else setInterval(() => {}, 1000)
