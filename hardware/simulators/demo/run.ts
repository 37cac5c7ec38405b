import QRCode from 'qrcode'
import { deedsIn, send } from './deeds.ts'
import { greeting, guestLines, machinery } from './greeting.ts'
import { type Hospital, openHospital } from './hospital.ts'
import { type Deed, keysSay, listenToKeys } from './keys.ts'
import { paint } from './paint.ts'
import { SCENES } from './scenario.ts'
import { createShow, type Show } from './show.ts'
import { askedToStop } from './stop.ts'
import { judge } from './verdict.ts'

/** The last scenes need their answers; those nobody answers have had their 30 s by then. */
const LAST_SCENE_TAKES_MS = 10_000
/** Between two bleeps of the quiet shift that follows. */
const QUIET_MS = 20_000
/** Covered calls are closed after this, as a switchboard would, so that the board stays readable. */
const TIDY_MS = 120_000
/** Ended by Ctrl-C before there was a verdict. */
const INTERRUPTED = 130

const say = (text: string): void => void process.stdout.write(`${text}\n`)

export interface DemoOptions {
  /** Ends by itself, with a verdict. */
  readonly once: boolean
  /** Lets other machines on this network in. */
  readonly lan: boolean
}

/** The whole hospital around a real daemon. Gives the exit code. */
export async function runDemo({ once, lan }: DemoOptions): Promise<number> {
  const stop = askedToStop()
  say('Starting a hospital …')
  const hospital = await openHospital({ lan })
  try {
    if (stop.signal.aborted) return INTERRUPTED
    say(greeting(hospital))
    if (lan && hospital.away === undefined) say('This machine is on no network: nobody else can be let in.\n')
    if (!once) await invite(hospital)
    say(machinery(hospital))
    const show = createShow(hospital.operator, say, stop.signal)
    return await (once ? playOnce(hospital, show, stop.signal) : visit(hospital, show, stop))
  } catch (error) {
    // What was asked of the daemon while it ended is nobody's concern.
    if (!stop.signal.aborted) throw error
    return INTERRUPTED
  } finally {
    if (!once) say('\nEnding: the daemon finishes what it has in hand, and the lines close …')
    await hospital.close()
    if (!once) say('Ended. Nothing is left behind.')
  }
}

/** The scenario as a test: nobody interferes, and the exit code says whether every bleep ended as it must. */
async function playOnce(hospital: Hospital, show: Show, stop: AbortSignal): Promise<number> {
  const began = Date.now()
  await play(hospital, show, stop)
  if (stop.aborted) return INTERRUPTED
  const { text, failed } = await judge(hospital, show.marks())
  const seconds = Math.round((Date.now() - began) / 1000)
  say(text)
  say(`\n${SCENES.length} bleeps sent, ${failed} ended otherwise than the scenario says, ${seconds} s`)
  return failed === 0 ? 0 : 1
}

/** The scenario for somebody who watches and presses keys, and then a quiet shift until they have seen enough. */
async function visit(
  hospital: Hospital,
  show: Show,
  { signal, ask }: ReturnType<typeof askedToStop>,
): Promise<number> {
  let touched = false
  let next = new AbortController()
  const own: readonly Deed[] = [
    { key: ' ', says: 'the next bleep at once', run: () => next.abort() },
    { key: 'g', says: 'a new link for your phone', run: () => invite(hospital) },
  ]
  const deeds = deedsIn(hospital, say).map((deed) => ({
    ...deed,
    run() {
      touched = true
      return deed.run()
    },
  }))
  const enough = (): AbortSignal => {
    touched ||= next.signal.aborted
    next = new AbortController()
    return next.signal
  }
  const hush = listenToKeys([...deeds, ...own], ask, say)
  try {
    say(keysSay([...deeds, ...own]))
    await play(hospital, show, signal, enough)
    // A visitor does as they like: no scenario foretells that.
    if (!signal.aborted && !touched && !next.signal.aborted && !(await hospital.visited()))
      say((await judge(hospital, show.marks())).text)
    if (!signal.aborted)
      say(
        `\nA quiet shift follows, a bleep every ${QUIET_MS / 1000} s. ${paint('bold', `${hospital.url}/console/`)}  Ctrl-C ends it.\n`,
      )
    await goOn(hospital, show, signal, enough)
    return 0
  } finally {
    hush()
  }
}

async function invite(hospital: Hospital): Promise<void> {
  const guest = await hospital.guest()
  const qr = hospital.away === undefined ? undefined : await QRCode.toString(guest.link, { type: 'utf8' })
  say(guestLines(guest, qr))
}

/** Every scene at its time, whatever the others are doing, or as soon as somebody has seen enough of the last. */
async function play(
  hospital: Hospital,
  show: Show,
  stop: AbortSignal,
  enough?: () => AbortSignal,
): Promise<void> {
  let at = Date.now()
  let before = 0
  for (const scene of SCENES) {
    at += (scene.at - before) * 1000
    before = scene.at
    await show.watch(at - Date.now(), enough?.())
    if (stop.aborted) return
    at = Math.min(at, Date.now())
    show.mark(scene)
    send(hospital, scene)
  }
  await show.watch(LAST_SCENE_TAKES_MS, enough?.())
}

/** A quiet shift until somebody ends it. */
async function goOn(
  hospital: Hospital,
  show: Show,
  stop: AbortSignal,
  enough: () => AbortSignal,
): Promise<void> {
  for (let i = 0; !stop.aborted; i++) {
    const scene = SCENES[i % SCENES.length]
    if (scene) {
      show.mark(scene)
      send(hospital, scene)
    }
    await show.watch(QUIET_MS, enough())
    await tidy(hospital)
  }
}

async function tidy({ operator }: Hospital): Promise<void> {
  for (const card of await operator.board())
    if (card.phase === 'covered' && Date.now() - Date.parse(card.raised) > TIDY_MS)
      // Somebody at the board may have been first.
      await operator.close(card.id, card.version).catch(() => undefined)
}
