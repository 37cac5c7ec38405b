import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AsksView } from '../../../src/core/desk/ask-views.ts'
import type { BoardView, InboxView } from '../../../src/core/desk/views.ts'
import { asked, board, frame, inbox, type Listener } from '../../../src/io/http/looks.ts'
import type { Caller, Outcome } from '../../../src/ports/desk.ts'
import { StoreFault } from '../../../src/ports/store.ts'
import { type Bed, openBed } from '../../support/desk-bed.ts'
import { quietLog } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

// What each screen is told at each look, from what the desk says then.

const operator: Caller = { kind: 'operator', access: 'switchboard', operator: 'one' }
const refused = { ok: false, fault: { code: 'not-permitted' } } as const
const said = <T>(value: T): Outcome<T> => ({ ok: true, value })

let bed: Bed
let whole: BoardView
let kept: InboxView
beforeAll(async () => {
  bed = await openBed({ clock: new VirtualClock() })
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  for (const text of ['ONE', 'TWO', 'THREE'])
    await bed.call({ text, kind: 'met', class: 'urgent', roles: ['med-reg'] })
  const [boarded, told] = [
    await bed.desk.board(operator, { phase: 'open' }),
    await bed.desk.inbox(await deviceOf(phone.id), 0),
  ]
  if (!boarded.ok || !told.ok) throw new Error('the bed shows nothing')
  whole = boarded.value
  kept = told.value
})
afterAll(() => bed.close())
const deviceOf = async (id: string): Promise<Caller> => {
  const device = await bed.store.transact(async (tx) => (await tx.devices.list()).find((d) => d.id === id))
  if (device === undefined) throw new Error('no device')
  return { kind: 'device', access: 'holder', device: device.id }
}

let clock: VirtualClock
let told: unknown[]
let to: Listener
beforeEach(() => {
  clock = new VirtualClock()
  told = []
  to = {
    send: (event, data, id) => void told.push(id === undefined ? [event, data] : [event, data, id]),
    write: (bytes) => void told.push(Buffer.from(bytes).toString()),
  }
})
const events = () => told.splice(0).map((one) => (Array.isArray(one) ? one[0] : one))

describe('a board', () => {
  /** Its next look, with what the desk says from then on. */
  const screen = () => {
    const says: Partial<Bed['desk']> = {}
    const logged: unknown[] = []
    const log = {
      ...quietLog,
      error: (name: string, fields?: object) => void logged.push([name, fields]),
      info: (name: string, fields?: object) => void logged.push([name, fields]),
    }
    const desk = new Proxy(bed.desk, {
      get: (of, name) => Reflect.get(says, name) ?? Reflect.get(of, name),
    })
    return { look: board({ desk, clock, log }, operator), says, logged }
  }

  test('is given everything whole first, then nothing that it has', async () => {
    const { look } = screen()
    expect(await look(to)).toBe(true)
    expect(events()).toEqual(['board', 'review', 'site'])
    clock.advance(2000)
    expect(await look(to)).toBe(true)
    expect(events()).toEqual([])
  })

  test('is told what stands within two seconds, though the clock went back by an hour', async () => {
    const { look, says } = screen()
    await look(to)
    events()
    const view = await bed.desk.site(operator)
    if (!view.ok) throw new Error('the bed shows no site')
    says.site = async () => said({ ...view.value, ready: !view.value.ready })
    clock.step(-3_600_000)
    clock.advance(2000)
    await look(to)
    expect(events()).toEqual(['site'])
  })

  test('is told of each call that changed, and of each that is over what it came to', async () => {
    const { look, says } = screen()
    await look(to)
    const [first, second, third] = whole.alerts
    if (!first || !second || !third) throw new Error('three calls')
    told.length = 0
    const changed = { ...second, revision: second.revision + 1 }
    says.board = async () => said({ ...whole, alerts: [first, changed] })
    says.card = async () => said({ ...third, phase: 'closed' as const })
    await look(to)
    expect(told).toEqual([
      ['alert', changed],
      ['closed', { id: third.id, card: { ...third, phase: 'closed' } }],
    ])
    told.length = 0
    says.board = async () => said({ ...whole, alerts: [] })
    says.card = async () => refused
    await look(to)
    expect(told).toEqual([
      ['closed', { id: first.id }],
      ['closed', { id: second.id }],
    ])
  })

  test('is told of one that is new', async () => {
    const { look, says } = screen()
    says.board = async () => said({ ...whole, alerts: [] })
    await look(to)
    told.length = 0
    says.board = async () => said(whole)
    await look(to)
    expect(told).toEqual(whole.alerts.map((alert) => ['alert', alert]))
  })

  test('is told of the bleeps that wait when they change', async () => {
    const { look, says } = screen()
    await look(to)
    told.length = 0
    const view = {
      now: '2026-11-30T08:00:00Z',
      bleeps: [{ id: 'b', number: '1', quality: 'clean' as const }],
    }
    says.review = async () => said(JSON.parse(JSON.stringify(view)))
    await look(to)
    await look(to)
    expect(told).toEqual([['review', view]])
  })

  test('is told of the site when more than the time has changed, at most every two seconds', async () => {
    const { look, says } = screen()
    await look(to)
    told.length = 0
    const before = await bed.desk.site(operator)
    if (!before.ok) throw new Error('no site')
    let asked = 0
    const site = (more: object) => {
      says.site = async () => {
        asked += 1
        return said({ ...before.value, ...more })
      }
    }
    site({ ready: !before.value.ready })
    clock.advance(1999)
    await look(to)
    expect([asked, told]).toEqual([0, []])
    clock.advance(1)
    await look(to)
    expect([asked, events()]).toEqual([1, ['site']])
    site({ ready: !before.value.ready, now: '2026-11-30T09:00:00Z' })
    clock.advance(2000)
    await look(to)
    expect([asked, told]).toEqual([2, []])
  })

  test.each([
    ['board', []],
    ['review', ['board']],
    ['site', ['board', 'review']],
  ] as const)('that may no longer see its %s looks no further', async (name, seen) => {
    const { look, says } = screen()
    says[name] = async () => refused
    expect(await look(to)).toBe(false)
    expect(events()).toEqual(seen)
  })

  test.each(['board', 'review', 'site'] as const)(
    'of which the %s cannot be made shows the rest; that is told once, and once when it is over',
    async (name) => {
      const { look, says, logged } = screen()
      const error = new TypeError('planted')
      says[name] = async () => {
        throw error
      }
      const tick = async () => {
        clock.advance(2000)
        return look(to)
      }
      expect([await tick(), await tick()]).toEqual([true, true])
      expect(new Set(events())).toEqual(new Set(['board', 'review', 'site'].filter((one) => one !== name)))
      delete says[name]
      expect([await tick(), await tick()]).toEqual([true, true])
      expect(events()).toEqual([name])
      const about = { fault: 'view-failed', subject: name }
      expect(logged).toEqual([
        ['defect', { ...about, error }],
        ['defect-over', about],
      ])
    },
  )

  test('whose store is away is no defect: the stream is cut, and its reader comes back', async () => {
    const { look, says, logged } = screen()
    says.review = () => Promise.reject(new StoreFault('store-lost'))
    await expect(look(to)).rejects.toThrow(StoreFault)
    expect(logged).toEqual([])
  })
})

describe('a ward', () => {
  const ward: Caller = operator
  const view = (asks: AsksView['asks'] = []): AsksView => ({ now: '2026-11-30T08:00:00Z', asks })
  const screen = (says: { view: AsksView }) =>
    asked({ desk: { ...bed.desk, asks: async () => said(says.view) } }, ward)

  test('is told what it has asked whenever that has changed, not when the time has', async () => {
    const says = { view: view() }
    const look = screen(says)
    expect(await look(to)).toBe(true)
    expect(told).toEqual([frame('asks', JSON.stringify(says.view))])
    says.view = { ...view(), now: '2026-11-30T09:00:00Z' }
    expect(await look(to)).toBe(true)
    expect(told).toHaveLength(1)
  })

  test('has many screens, for which one list is printed once', async () => {
    const says = { view: view() }
    const given: Uint8Array[] = []
    const listener: Listener = { send: () => undefined, write: (bytes) => void given.push(bytes) }
    for (let i = 0; i < 3; i++) await screen(says)(listener)
    expect(new Set(given).size).toBe(1)
    expect(given).toHaveLength(3)
  })

  test('that may no longer look is told nothing', async () => {
    const look = asked({ desk: { ...bed.desk, asks: async () => refused } }, ward)
    expect([await look(to), told]).toEqual([false, []])
  })
})

describe('a phone', () => {
  test('is given its inbox part by part, each entry with its cursor, and how long it may keep that', async () => {
    const at: number[] = []
    const [one, two, three] = kept.items
    if (!one || !two || !three) throw new Error('three entries')
    const answers: Outcome<InboxView>[] = [
      said({ ...kept, items: [one, two], cursor: 12, more: true }),
      said({ ...kept, items: [three], cursor: 13, more: false }),
      said({ ...kept, items: [], cursor: 13, more: false }),
      said({ ...kept, items: [], cursor: 13, more: false, kept: { ...kept.kept, shared: true } }),
      refused,
    ]
    const desk: Bed['desk'] = {
      ...bed.desk,
      async inbox(_, since) {
        at.push(since)
        return answers.shift() ?? refused
      },
    }
    const look = inbox({ desk }, operator, 5)
    expect(await look(to)).toBe(true)
    expect(told).toEqual([
      ['inbox', one, one.cursor],
      ['inbox', two, two.cursor],
      ['kept', kept.kept],
      ['inbox', three, three.cursor],
    ])
    told.length = 0
    expect(await look(to)).toBe(true)
    expect(told).toEqual([])
    expect(await look(to)).toBe(true)
    expect(told).toEqual([['kept', { ...kept.kept, shared: true }]])
    expect(await look(to)).toBe(false)
    expect(at).toEqual([5, 12, 13, 13, 13])
  })
})

test('an event on the wire has its name, its words in one line, and its number where it has one', () => {
  expect(frame('beat', '{}')).toBe('event: beat\ndata: {}\n\n')
  expect(frame('inbox', '{"a":1}', 7)).toBe('id: 7\nevent: inbox\ndata: {"a":1}\n\n')
})
