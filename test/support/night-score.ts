// Long because a language needs its reader, its stage and its ear in one place to be read as one.

import { expect, test } from 'vitest'
import type { Actor, Alert, AlertEvent } from '../../src/core/alert/alert.ts'
import { blankAlert, replayAlert } from '../../src/core/alert/lifecycle.ts'
import { type AlertId, asId } from '../../src/core/ids.ts'
import { type Instant, type Millis, SECOND } from '../../src/core/instant.ts'
import type { Policies } from '../../src/core/route/policy.ts'
import type { Answer } from '../../src/core/vocabulary.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { type Store, StoreFault } from '../../src/ports/store.ts'
import type { Applied } from '../../src/run/alert/alert-rows.ts'
import { stepStored } from '../../src/run/step-attempt.ts'
import { settle, VirtualClock } from './virtual-clock.ts'
import {
  aHolding,
  countingRandom,
  EVERYBODY,
  enrol,
  RECEIPT_AFTER,
  type Sent,
  startWard,
  type Ward,
} from './ward.ts'

/*
 * Scores: one behaviour each, read from top to bottom, times in seconds or m:ss or h:mm:ss since the score began.
 *
 *   0     page 2222 "CARDIAC ARREST WARD 7B"
 *   0.3   want ring reg, ring nurse, ring gas        all of these since the line before, by this time
 *   3     reg accepts
 *   15    want radio, prompt cover-late, again nurse, ring out
 *   20    want nothing
 *
 * What is not wanted fails, however harmless. What is heard: `ring`, `again`, `stand-down` and `cancel` of a person's
 * phone (`update` only where the score asks for updates), `text` to a person's number, `radio`, what switchboard is shown (`prompt`, `act`), the
 *phase (`is covered`), `stuck` bleeps, and replies to humans that were not plainly applied (`reply already`; a
 * `reply stale and fits` is sent again at once, as screens do).
 * Further alerts are numbered: `2: ring reg`, `reg accepts on 2`.
 */

export interface Setting {
  /** Phones that take a push and never give a receipt. */
  readonly silent?: readonly string[]
  /** People who have a number that can be texted. */
  readonly numbers?: readonly string[]
  /** People without any phone. */
  readonly phoneless?: readonly string[]
  readonly policies?: Partial<Policies>
  /** Longest sleep of the loops: short where a score steps the clock, long for a night; absent: one second. */
  readonly tick?: Millis
  /** Hear screens being mended too. */
  readonly updates?: boolean
}

interface Heard {
  readonly at: Instant
  readonly what: string
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  accepts: 'accepted',
  declines: 'declined',
  attends: 'attending',
  arrives: 'arrived',
  'calls-back': 'call-back',
  'not-me': 'not-me',
}

/** Runs a score against the daemon's middle on a virtual clock and a real store in memory. */
export function score(name: string, text: string, setting: Setting = {}): void {
  test(name, async () => {
    const stage = await Stage.open(setting)
    try {
      for (const line of text.split('\n')) {
        const found = /^\s*([\d:.]+)\s+(.+?)\s*$/.exec(line)
        if (found) await stage.play(seconds(found[1]!) * SECOND, found[2]!)
        else expect(line.trim(), 'a line needs a time').toBe('')
      }
      await stage.finish()
    } finally {
      await stage.close()
    }
  })
}

function seconds(text: string): number {
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
}

/** A clock whose wall time a score may step, while time itself goes on. */
class SteppedClock implements Clock {
  readonly #inner: VirtualClock
  offset: Millis = 0
  constructor(inner: VirtualClock) {
    this.#inner = inner
  }
  now(): Instant {
    return this.#inner.now() + this.offset
  }
  after(ms: Millis, run: () => void) {
    return this.#inner.after(ms, run)
  }
}

class Stage {
  readonly #time = new VirtualClock()
  readonly #start = this.#time.now()
  readonly #clock = new SteppedClock(this.#time)
  readonly #holding = aHolding()
  readonly #random = countingRandom()
  readonly #setting: Setting
  readonly #inner: Store
  readonly #store: Store
  readonly #silent: Set<string>
  readonly #alerts: AlertId[] = []
  readonly #versions = new Map<AlertId, { at: Instant; version: number }[]>()
  readonly #phase = new Map<AlertId, string>()
  #heard: Heard[] = []
  #lockedUntil: Instant = Number.NEGATIVE_INFINITY
  #ward!: Ward

  private constructor(setting: Setting, inner: Store) {
    this.#setting = setting
    this.#inner = inner
    this.#silent = new Set(setting.silent)
    this.#store = {
      ...inner,
      transact: (work) => {
        if (this.#time.now() < this.#lockedUntil) return Promise.reject(new StoreFault('store-busy'))
        return inner.transact(work)
      },
    }
  }

  static async open(setting: Setting): Promise<Stage> {
    const inner = await openSqlite(':memory:')
    await enrol(
      inner,
      EVERYBODY.filter((p) => !setting.phoneless?.includes(p)),
    )
    await enrol(inner, setting.numbers ?? [], 'nudge')
    const stage = new Stage(setting, inner)
    stage.#raiseCurtain()
    await settle()
    return stage
  }

  #raiseCurtain(): void {
    this.#ward = startWard({
      store: this.#store,
      clock: this.#clock,
      random: this.#random,
      holding: this.#holding,
      ...(this.#setting.policies ? { policies: this.#setting.policies } : {}),
      ...(this.#setting.tick ? { tick: this.#setting.tick } : {}),
      onSent: (sent) => this.#sent(sent),
      wrap: (alerts) => ({
        ...alerts,
        announce: (applied) => {
          this.#announced(applied)
          alerts.announce(applied)
        },
        // `apply` announces through the object it belongs to.
        apply(id, event) {
          return alerts.apply.call(this, id, event)
        },
      }),
    })
  }

  #hear(alert: AlertId | undefined, what: string): void {
    const index = alert === undefined ? 0 : this.#alerts.indexOf(alert)
    const entry = { at: this.#time.now(), what: index > 0 ? `${index + 1}: ${what}` : what }
    // One ring of a person may go by several channels.
    if (
      /ring|again|text|stand-down|cancel|update/.test(what) &&
      this.#heard.some((h) => h.what === entry.what && h.at === entry.at)
    )
      return
    this.#heard.push(entry)
  }

  #sent({ person, purpose, channel, alert, attempt }: Sent) {
    if (channel === 'radio') return this.#hear(alert, 'radio')
    if (channel === 'nudge') return this.#hear(alert, `text ${person}`)
    if (purpose === 'update' && !this.#setting.updates) return
    this.#hear(alert, `${purpose === 'ask' ? 'ring' : purpose} ${person}`)
    if ((purpose !== 'ask' && purpose !== 'again') || this.#silent.has(person)) return
    this.#clock.after(RECEIPT_AFTER, () => void this.#receipt(alert, person, attempt).catch(() => undefined))
  }

  async #receipt(alert: AlertId, person: string, attempt: string): Promise<void> {
    const at = this.#clock.now()
    await this.#store.transact((tx) =>
      stepStored(tx, asId(attempt), { kind: 'receipt', stage: 'on-device', at }),
    )
    await this.#ward.alerts.apply(alert, {
      kind: 'receipt',
      at,
      person: asId(person),
      stage: 'on-device',
      attempt: asId(attempt),
    })
  }

  #announced({ alert, effects }: Applied): void {
    if (!this.#alerts.includes(alert.id)) this.#alerts.push(alert.id)
    const versions = this.#versions.get(alert.id) ?? []
    versions.push({ at: this.#time.now(), version: alert.version })
    this.#versions.set(alert.id, versions)
    for (const e of effects)
      if (e.kind === 'tell' && e.audience === 'switchboard' && e.level !== 'info')
        this.#hear(alert.id, `${e.level} ${e.reason}`)
    const was = this.#phase.get(alert.id) ?? 'ringing'
    if (was !== alert.phase) this.#hear(alert.id, `is ${alert.phase}`)
    this.#phase.set(alert.id, alert.phase)
  }

  async play(at: Millis, line: string): Promise<void> {
    await this.#time.elapse(Math.max(0, this.#start + at - this.#time.now()))
    const want = /^want (.+)$/.exec(line)
    if (want) return this.#want(want[1]!, at)
    this.#nothingElse(`before "${line}"`)
    await this.#act(line)
    await settle()
  }

  #want(text: string, at: Millis): void {
    const wanted = text === 'nothing' ? [] : text.split(/,\s*/)
    const heard = this.#heard.map((h) => h.what)
    expect(heard.sort(), `heard by ${at / SECOND} s: ${this.#told()}`).toEqual(wanted.sort())
    this.#heard = []
  }

  #nothingElse(when: string): void {
    expect(this.#told(), `not wanted, ${when}`).toBe('')
  }

  #told(): string {
    return this.#heard.map((h) => `${(h.at - this.#start) / SECOND} ${h.what}`).join(', ')
  }

  async #act(line: string): Promise<void> {
    const [, verb, rest = ''] = /^(\S+)\s*(.*)$/.exec(line)!
    if (verb === 'page') return this.#page(rest)
    if (verb === 'restart') return this.#restart()
    if (verb === 'clock') return this.#step(rest)
    if (verb === 'database') {
      this.#lockedUntil = this.#time.now() + seconds(rest.replace('locked for ', '')) * SECOND
      return
    }
    const held = /^(\S+) is held by (.+)$/.exec(line)
    if (held) return void this.#holding.set(held[1]!, held[2] === 'nobody' ? [] : held[2]!.split(/,\s*/))
    const phone = /^phone of (\S+) (silent|wakes|gone)$/.exec(line)
    if (phone) return this.#phone(phone[1]!, phone[2]!)
    await this.#human(line)
  }

  async #page(rest: string): Promise<void> {
    const [, number, text, tap] = /^(\S+) "([^"]*)"(?: by (\S+))?$/.exec(rest)!
    const id = await this.#ward.page(number!, text!, tap ? { tap } : {})
    if (!id) return this.#hear(undefined, 'refused')
    await settle()
    const bleep =
      this.#time.now() < this.#lockedUntil ? undefined : await this.#inner.transact((tx) => tx.bleeps.get(id))
    if (bleep?.stage === 'stuck') this.#hear(undefined, 'stuck')
  }

  async #restart(): Promise<void> {
    await this.#ward.stop()
    this.#raiseCurtain()
  }

  #step(rest: string): void {
    const [, way, by] = /^(back|forward) (\S+)$/.exec(rest)!
    this.#clock.offset += (way === 'back' ? -1 : 1) * seconds(by!) * SECOND
  }

  async #phone(person: string, what: string): Promise<void> {
    if (what === 'silent') this.#silent.add(person)
    if (what === 'wakes') this.#silent.delete(person)
    if (what !== 'gone') return
    await this.#inner.transact(async (tx) => {
      const device = await tx.devices.get(asId(`webpush-${person}`))
      await tx.devices.save({ ...device!, state: 'revoked' })
    })
  }

  async #human(line: string): Promise<void> {
    const [, said, on = '1', seenAt] = /^(.+?)(?: on (\d+))?(?: seen at (\S+))?$/.exec(line)!
    const alert = this.#alerts[Number(on) - 1]
    expect(alert, `no alert ${on} for "${line}"`).toBeDefined()
    const now = await this.#inner.transact((tx) => tx.alerts.get(alert!))
    const seen = seenAt === undefined ? now!.version : this.#versionAt(alert!, seconds(seenAt))
    const say = (version: number) =>
      this.#ward.alerts.apply(alert!, eventOf(said!, this.#clock.now(), version, now!))
    const applied = await say(seen)
    const reply = applied?.effects.find((e) => e.kind === 'answered')
    if (!reply || reply.outcome === 'applied') return
    const fits = reply.again ? ' and fits' : ''
    this.#hear(alert, `reply ${reply.outcome}${reply.by ? ` ${reply.by}` : ''}${fits}`)
    // What still fits is sent again by phone and console themselves.
    if (reply.again) await say(applied!.alert.version)
  }

  #versionAt(alert: AlertId, at: number): number {
    const known = (this.#versions.get(alert) ?? []).filter((v) => v.at <= this.#start + at * SECOND)
    return known.at(-1)?.version ?? 0
  }

  /** Beyond the score itself: no open alert without a future, nobody rung twice by one key, replay equals state. */
  async finish(): Promise<void> {
    this.#nothingElse('after the last line')
    this.#lockedUntil = Number.NEGATIVE_INFINITY
    await this.#inner.transact(async (tx) => {
      expect((await tx.alerts.withoutFuture(1000)).lost, 'open alerts without a future').toEqual([])
      for (const id of this.#alerts) {
        const alert: Alert = (await tx.alerts.get(id))!
        const events = await tx.alerts.events(id)
        expect(replayAlert(blankAlert(id, alert.bleep, alert.plan, alert.raised), events)).toEqual(alert)
        const due = Object.fromEntries((await tx.due.of(id)).map((row) => [row.name, row.at]))
        expect(due, 'due rows are those of the alert').toEqual(alert.due)
      }
    })
  }

  async close(): Promise<void> {
    await this.#ward.stop()
    await this.#inner.close()
  }
}

function eventOf(said: string, at: Instant, version: number, alert: Alert): AlertEvent {
  const [who = '', verb = '', ...rest] = said.split(' ')
  const switchboard: Actor = { kind: 'switchboard', operator: 'op' }
  const by: Actor =
    who === 'switchboard'
      ? switchboard
      : who === 'pbx'
        ? { kind: 'pbx' }
        : { kind: 'person', person: asId(who) }
  const [first = ''] = rest
  if (who === 'pbx') return { kind: 'answered', at, by, person: asId(first), answer: 'call-back', version }
  if (verb === 'says')
    return { kind: 'said', at, by, said: { kind: 'note', text: rest.join(' ').slice(1, -1) } }
  if (verb === 'needs')
    return { kind: 'said', at, by, said: { kind: 'need-role', text: first, role: asId(first) } }
  if (verb === 'eta')
    return { kind: 'said', at, by, said: { kind: 'eta', text: rest.join(' ').slice(1, -1) } }
  if (verb === 'opens')
    return { kind: 'receipt', at, person: asId(who), stage: 'opened', attempt: asId('opened') }
  if (verb === 'closes') return { kind: 'closed', at, by, version }
  if (verb === 'cancels') return { kind: 'cancelled', at, by, version, reason: 'closed-by-person' }
  if (verb === 'takes-over') return { kind: 'taken-over', at, by, version }
  if (verb === 'asks-again') return { kind: 'asked-again', at, by, version }
  if (verb === 'releases') return { kind: 'released', at, by, version, person: asId(first) }
  if (verb === 'asks')
    return { kind: 'also-ask', at, by, target: { kind: 'role', role: asId(first) }, version }
  if (verb === 'answers-for')
    return { kind: 'answered', at, by, person: asId(first), answer: ANSWERS[rest[1]!]!, version }
  if (verb === 'passes') {
    const from = Object.values(alert.responders).find((r) => r.roles.includes(asId(who)))?.person
    return { kind: 'handed-over', at, role: asId(who), to: asId(rest[1]!), ...(from ? { from } : {}) }
  }
  const answer = ANSWERS[verb]
  if (!answer) throw new Error(`a score cannot say "${said}"`)
  return { kind: 'answered', at, by, person: asId(who), answer, version }
}
