import type { Actor, Alert, AlertEffect, AlertEvent } from '../../src/core/alert/alert.ts'
import { blankAlert, stepAlert } from '../../src/core/alert/lifecycle.ts'
import { futureOf } from '../../src/core/alert/obligations.ts'
import { asId, type PersonId } from '../../src/core/ids.ts'
import { policiesSchema, policyFor, snapshotPlan } from '../../src/core/route/policy.ts'
import { whoAt } from '../../src/core/route/who.ts'
import type { Answer } from '../../src/core/vocabulary.ts'
import { aHolding, targetOf, wardDirectory } from './ward.ts'

/** A call played on the machine alone: deeds at seconds, everything it asks for written down line by line. */
export class Call {
  readonly #holding = aHolding()
  readonly #start = 1_000_000
  readonly lines: string[] = []
  /** Everything asked for, as it was. */
  readonly effects: AlertEffect[] = []
  alert: Alert
  #now = 0

  constructor(to: string, c: Alert['plan']['class'], more: Partial<Alert['plan']> = {}) {
    const directory = wardDirectory(this.#holding)
    const target = targetOf(to)
    const plan = snapshotPlan(
      policyFor(policiesSchema.parse({}), c, 'x', target),
      target,
      directory,
      this.#start,
    )
    this.alert = blankAlert(asId('a'), asId('b'), { ...plan, ...more }, this.#start)
    this.happen({ kind: 'raised', at: this.at })
  }

  get at(): number {
    return this.#start + this.#now * 1000
  }

  happen(event: AlertEvent): this {
    const before = this.alert
    const [alert, effects] = stepAlert(before, event, whoAt(wardDirectory(this.#holding), event.at))
    this.alert = alert
    this.effects.push(...effects)
    for (const e of effects) {
      this.lines.push(`${this.#now} ${written(e, this.#start)}`)
    }
    if (before.phase !== alert.phase) this.lines.push(`${this.#now} is ${alert.phase}`)
    return this
  }

  /** Lets due times come, in order, until a second. */
  until(second: number): this {
    for (;;) {
      const future = futureOf(this.alert)
      if (future.kind !== 'due' || future.at > this.#start + second * 1000) break
      this.#now = (future.at - this.#start) / 1000
      this.happen({ kind: 'due', name: future.name, at: future.at })
    }
    this.#now = second
    return this
  }

  holds(role: string, ...people: string[]): this {
    this.#holding.set(role, people)
    return this
  }

  says(person: string, answer: Answer, version = this.alert.version, by?: Actor, note?: string): this {
    return this.happen({
      kind: 'answered',
      at: this.at,
      by: by ?? { kind: 'person', person: asId(person) },
      person: asId(person),
      answer,
      version,
      ...(note ? { note } : {}),
    })
  }

  asks(role: string, version = this.alert.version): this {
    const by: Actor = { kind: 'switchboard', operator: 'op' }
    return this.happen({ kind: 'also-ask', at: this.at, by, target: targetOf(`role:${role}`), version })
  }

  receipt(person: string, stage: 'on-device' | 'presented' | 'opened' = 'on-device'): this {
    return this.happen({ kind: 'receipt', at: this.at, person: asId(person), stage, attempt: asId('t') })
  }

  board(
    event:
      | { kind: 'closed' | 'taken-over'; version?: number }
      | { kind: 'released'; person: string; version?: number; by?: Actor }
      | { kind: 'cancelled'; version?: number },
  ): this {
    const by: Actor = { kind: 'switchboard', operator: 'op' }
    const version = event.version ?? this.alert.version
    if (event.kind === 'released')
      return this.happen({
        kind: 'released',
        at: this.at,
        by: event.by ?? by,
        person: asId(event.person),
        version,
      })
    if (event.kind === 'cancelled')
      return this.happen({ kind: 'cancelled', at: this.at, by, version, reason: 'closed-by-person' })
    return this.happen({ kind: event.kind, at: this.at, by, version })
  }

  /** The lines since the last look. */
  look(): string[] {
    return this.lines.splice(0)
  }

  state(person: string): string | undefined {
    return this.alert.responders[asId<PersonId>(person)]?.state
  }
}

function written(e: AlertEffect, start: number): string {
  switch (e.kind) {
    case 'deliver':
      return `${e.purpose} ${e.to}${e.path > 0 ? ` by path ${e.path}` : ''}: ${e.reason}`
    case 'radio':
      return `radio: ${e.reason}`
    case 'tell':
      return `tell ${e.audience} ${e.level}: ${e.reason}${e.roles ? ` ${e.roles.join(' ')}` : ''}`
    case 'answered':
      return `${e.outcome}: ${e.reason}${e.by ? ` ${e.by}` : ''}${e.again ? ', still fits' : ''}`
    case 'hop':
      return `hop ${e.hop}${e.person ? ` ${e.person}` : ''}`
    case 'due':
      return `due ${e.name} at ${(e.at - start) / 1000}`
    case 'forget':
      return `forget ${e.name}`
  }
}

export const crash = () => new Call('team:crash', 'emergency')
export const covered = () => crash().says('reg', 'accepted').says('nurse', 'accepted')
