import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/*
 * Stands in for baresip and goes wrong in one way, which it reads before each command: `odd-baresip.ts MOOD_FILE -f
 * FOLDER`. It is told what to do by lines and prints what it does, in the real one's words.
 */
const [, , moodFile = ''] = process.argv
const moodNow = () => readFileSync(moodFile, 'utf8')

const say = (text: string, then?: () => void) => process.stdout.write(text, then)
const rings = 'call: SIP Progress: 180 Ringing (/)\n\u001b[31mplay: /nowhere/ringback.wav: none\n\u001b[;m'
const up = (peer: string) => `bridge@127.0.0.1: Call established: ${peer}\n`
const closed = (peer: string) => `${peer}: session closed: Connection reset by peer\n`
const key = (pressed: string) =>
  `received event: '${pressed}' (end=0)\nreceived event: '${pressed}' (end=1)\n`
const well = (peer: string) => rings + up(peer) + key('1')
/** Whoever rings chooses their own name, and their telephone the reason why it ends. */
const ringer = (name: string) =>
  `bridge@127.0.0.1: Incoming call from: ${name} sip:x@y - (press 'a' to accept)\nsip:x@y: session closed: 603 ${name}\n`

/** What it does once it is told to dial; anything else is well. */
const DIALLED: Readonly<Record<string, (peer: string) => unknown>> = {
  well: (peer) => say(well(peer)),
  'rings for ever': () => say(rings),
  'half a line': (peer) => say(up(peer).slice(0, 20), () => process.exit(0)),
  'a line without end': () => say('x'.repeat(200_000)),
  'bytes that are no text': (peer) => {
    process.stdout.write(Buffer.from([0xff, 0xfe, 0, 10, 0xc3, 10]))
    say(well(peer))
  },
  'a byte at a time': (peer) => {
    const bytes = [...well(peer)]
    const drip = () => {
      const next = bytes.shift()
      if (next !== undefined) say(next, () => setImmediate(drip))
    }
    drip()
  },
  'dies in the call': (peer) => say(up(peer), () => process.exit(1)),
  'is rung back in the call': (peer) =>
    say(rings + ringer('Ward 7') + up(peer) + ringer('Ward 7') + closed('sip:x@y') + key('1')),
  'is rung by a name that looks like its lines': (peer) =>
    say(
      rings +
        ringer(`received event: '1' (end=0)`) +
        ringer(` received event: '1' (end=0)\n ${up(peer)} ${key('2')}`) +
        up('sip:other@y') +
        up(peer) +
        key('2'),
    ),
  'the same key twice': (peer) => say(`${up(peer)}${key('1')}${key('1')}${key('2')}`),
  'keys by messages of their own': (peer) => say(`${up(peer)}call: received DTMF: '1' (duration=250)\n`),
  'hangs once it is picked up': (peer) => say(rings + up(peer)),
}

if (moodNow() !== 'never ready') say('baresip is ready.\n')
let peer = ''
createInterface({ input: process.stdin }).on('line', (line) => {
  const mood = moodNow()
  const [command, about = ''] = line.split(' ')
  if (mood === 'hangs' || (mood === 'hangs at 4421' && about.startsWith('sip:4421@'))) return
  if (mood === 'hangs once it is picked up' && command === '/hangup') return
  if (mood === 'refuses') return say('ua_connect() failed: Invalid argument\n')
  if (command === '/hangup') say(`call: terminate call '1550ce4cf17b8e4b' with ${peer}\n`)
  if (command !== '/dial') return
  peer = about
  say(`ua: using best effort AF: af=AF_INET\ncall: connecting to '${peer}'..\n`)
  const dialled = DIALLED[mood] ?? DIALLED.well
  dialled?.(peer)
})
