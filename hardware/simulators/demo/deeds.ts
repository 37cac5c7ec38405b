import { ringBack } from './exchange.ts'
import type { Hospital } from './hospital.ts'
import type { Deed } from './keys.ts'
import { SCENES, type Scene } from './scenario.ts'
import { happens } from './show.ts'

/** Sends the bleep of a scene, as the transmitter or the switchboard would. */
export function send(
  { transmitter, switchboard, ward, operator, exchange }: Hospital,
  { air, espa, ask, ringsBack, number }: Omit<Scene, 'at' | 'title' | 'ends'>,
) {
  if (air) void transmitter.send([air.page], air.copies)
  // What became of both is held against the daemon's own record at the end.
  if (ask) void ward.ask(ask).catch(() => undefined)
  if (ringsBack) void ringBack(operator, exchange, { number, to: ringsBack }).catch(() => undefined)
  if (!espa) return
  const fields = { beepCoding: '3', callType: '3', numberOfTransmissions: '1', priority: espa.priority }
  void switchboard.send(espa.to, espa.text, fields)
}

const BY_HAND = 'by your hand'

/** What a visitor may do to the hospital. */
export function deedsIn(hospital: Hospital, say: (text: string) => void): readonly Deed[] {
  const done = (what: string): void => say(happens(what, BY_HAND))
  const bleep = (key: string, says: string, number: string, ends: Scene['ends']['kind']): Deed => ({
    key,
    says,
    run() {
      const scene = SCENES.find((s) => s.number === number && s.ends.kind === ends)
      if (scene) send(hospital, scene)
      done(says)
    },
  })
  return [
    bleep('c', 'a crash call', '2201', 'covered'),
    bleep('s', 'a call for security that nobody answers', '2213', 'exhausted'),
    bleep('b', 'a routine call-back', '1480', 'covered'),
    bleep('u', 'a bleep to an address that nobody knows', 'ric:1999992/3', 'review'),
    {
      key: 'l',
      says: 'unplug the transmitter’s line, and plug it in again',
      run() {
        const { air } = hospital
        if (air.plugged) air.pull()
        else air.plug()
        done(
          air.plugged
            ? 'the transmitter’s line is plugged in again'
            : 'the transmitter’s line is unplugged: the board says so within seconds',
        )
      },
    },
    pushFails(hospital, done),
  ]
}

function pushFails({ push }: Hospital, done: (what: string) => void): Deed {
  let fails = false
  return {
    key: 'p',
    says: 'make the push provider fail, and mend it',
    run() {
      fails = !fails
      push.interfere(
        fails
          ? (_, response) => {
              response.writeHead(503).end()
              return true
            }
          : undefined,
      )
      done(fails ? 'the push provider fails: phones get nothing from it' : 'the push provider is mended')
    },
  }
}
