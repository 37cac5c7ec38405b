import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Alert } from '../../src/core/alert/alert.ts'
import type { Bleep } from '../../src/core/bleep/bleep.ts'
import type { Attempt, AttemptState } from '../../src/core/deliver/attempt.ts'
import type { Device } from '../../src/core/deliver/device.ts'
import { given } from '../../src/core/given.ts'
import {
  type AlertId,
  type AttemptId,
  asId,
  type BleepId,
  type DeviceId,
  type PersonId,
  type RoleId,
} from '../../src/core/ids.ts'
import { OPEN_PHASES } from '../../src/core/vocabulary.ts'
import type { PageMark } from '../../src/ports/page-mark.ts'
import type { Store } from '../../src/ports/store.ts'

export const aBleep = (id: string, more: Partial<Bleep> = {}): Bleep => ({
  id: asId(id),
  number: '0028',
  page: {
    to: { scheme: 'ric', ric: 1234000, fn: 0 },
    type: 'numeric',
    text: '5551234',
    quality: 'clean',
    corrected: 0,
    fields: {},
    firstByte: 1000,
    lastByte: 1010.25,
  },
  stage: 'received',
  received: 1011.5,
  sightings: 1,
  repeats: 0,
  ...more,
})

export const anAlert = (id: string, bleep: string, more: Partial<Alert> = {}): Alert => ({
  id: asId(id),
  revision: 1,
  bleep: asId(bleep),
  plan: {
    policy: 'p',
    class: 'routine',
    steps: [],
    need: [],
    receiptWithin: 5000,
    repeatLast: 60000,
    escalates: true,
  },
  phase: 'ringing',
  step: 0,
  raised: 2000,
  responders: {},
  thread: [],
  repeats: [],
  rounds: 1,
  due: {},
  version: 1,
  gaps: [],
  also: [],
  ...more,
})

export const anAttempt = (id: string, alert: string, more: Partial<Attempt> = {}): Attempt => ({
  id: asId(id),
  key: `key-${id}`,
  alert: asId(alert),
  person: asId('p1'),
  device: asId('d1'),
  channel: 'webpush',
  purpose: 'ask',
  class: 'routine',
  state: 'queued',
  try: 0,
  created: 2000,
  due: 2000,
  expires: 9000,
  reason: 'first-sighting',
  ...more,
})

/** What every store must do, whatever database is behind it. `fresh` gives an empty one. */
export function storeContract(name: string, fresh: () => Promise<Store>, why?: string): void {
  describe(`${name} keeps the store's promises`, () => {
    let store: Store
    beforeEach(async (ctx) => {
      if (why) ctx.skip(why)
      store = await fresh()
    })
    afterEach(() => store?.close())

    const withAlert = (alert: Alert = anAlert('a1', 'b1')) =>
      store.transact(async (tx) => {
        await tx.bleeps.add(aBleep('b1'))
        await tx.alerts.add(alert, [{ kind: 'raised', at: 2000 }])
      })

    test('a bleep comes back as it was, parts of a millisecond and leading zeros included', async () => {
      const bleep = aBleep('b1')
      await store.transact((tx) => tx.bleeps.add(bleep))
      expect(await store.transact((tx) => tx.bleeps.get(asId<BleepId>('b1')))).toEqual(bleep)
      expect(await store.transact((tx) => tx.bleeps.recent('0028', 1011.5, 5))).toEqual([bleep])
      expect(await store.transact((tx) => tx.bleeps.recent('28', 0, 5))).toEqual([])
    })

    test('a transaction that throws leaves nothing behind', async () => {
      const failing = store.transact(async (tx) => {
        await tx.bleeps.add(aBleep('b1'))
        throw new Error('stop')
      })
      await expect(failing).rejects.toThrow('stop')
      expect(await store.transact((tx) => tx.bleeps.get(asId<BleepId>('b1')))).toBeUndefined()
    })

    test('a constraint broken inside a transaction is a store fault with a code', async () => {
      await store.transact((tx) => tx.bleeps.add(aBleep('b1')))
      await expect(store.transact((tx) => tx.bleeps.add(aBleep('b1')))).rejects.toMatchObject({
        code: 'store-lost',
      })
    })

    test('saving an alert against a stale version changes nothing', async () => {
      await withAlert()
      const next = anAlert('a1', 'b1', { revision: 2, phase: 'covered' })
      expect(await store.transact((tx) => tx.alerts.save(next, 1, [{ kind: 'due', at: 3, name: 's' }]))).toBe(
        true,
      )
      expect(await store.transact((tx) => tx.alerts.save(next, 1, [{ kind: 'due', at: 4, name: 's' }]))).toBe(
        false,
      )
      const events = await store.transact((tx) => tx.alerts.events(asId<AlertId>('a1')))
      expect(events.map((e) => e.at)).toEqual([2000, 3])
    })

    test('due rows are claimed once until their lease lapses', async () => {
      await withAlert()
      await store.transact((tx) => tx.due.set([{ alert: asId('a1'), name: 'step-1', at: 100 }]))
      const claim = (now: number) =>
        store.transact((tx) => tx.due.claim({ owner: 'n', now, until: now + 50, limit: 10 }))
      expect(await claim(99)).toEqual([])
      expect(await claim(100)).toEqual([{ alert: 'a1', name: 'step-1', at: 100 }])
      expect(await claim(120)).toEqual([])
      expect(await claim(150)).toHaveLength(1)
    })

    test('where more is due than can be claimed, emergencies go first, each sort as it fell due', async () => {
      await withAlert()
      const plan = { ...anAlert('a2', 'b1').plan, class: 'emergency' as const }
      await store.transact(async (tx) => {
        for (const id of ['a2', 'a3']) await tx.alerts.add(anAlert(id, 'b1', { plan }), [])
        await tx.due.set([
          { alert: asId('a1'), name: 'step-1', at: 100 },
          { alert: asId('a1'), name: 'step-2', at: 200 },
          { alert: asId('a2'), name: 'step-1', at: 400 },
          { alert: asId('a3'), name: 'step-1', at: 300 },
          { alert: asId('a3'), name: 'later', at: 900 },
        ])
      })
      const claim = async () => {
        const taken = await store.transact((tx) =>
          tx.due.claim({ owner: 'n', now: 500, until: 600, limit: 2 }),
        )
        return taken.map(({ alert, name }) => `${alert} ${name}`)
      }
      expect(await claim()).toEqual(['a3 step-1', 'a2 step-1'])
      expect(await claim()).toEqual(['a1 step-1', 'a1 step-2'])
      expect(await claim()).toEqual([])
    })

    test('an open alert with neither a due row nor a reason is found by the auditor', async () => {
      await withAlert()
      expect((await store.transact((tx) => tx.alerts.withoutFuture(5))).lost).toEqual(['a1'])
      await store.transact((tx) => tx.due.set([{ alert: asId('a1'), name: 'x', at: 1 }]))
      expect(await store.transact((tx) => tx.alerts.withoutFuture(5))).toEqual({ lost: [] })
    })

    /** Thirty open alerts of every phase and five closed ones, three at each instant; every fourth waits for nothing. */
    const crowd = async (): Promise<readonly Alert[]> => {
      const phases = [...OPEN_PHASES, ...OPEN_PHASES, 'closed'] as const
      const all = Array.from({ length: 35 }, (_, i) =>
        anAlert(`a${String(i).padStart(2, '0')}`, `b${i}`, {
          ...{ raised: 1000 + Math.floor(i / 3), phase: phases[i % 7] ?? 'ringing' },
        }),
      )
      await store.transact(async (tx) => {
        for (const [i, alert] of all.entries()) {
          await tx.bleeps.add(aBleep(`b${i}`))
          await tx.alerts.add(alert, [])
          if (i % 4 !== 0) await tx.due.set(['x', 'y'].map((name) => ({ alert: alert.id, name, at: 1 })))
        }
      })
      return all.filter(({ phase }) => phase !== 'closed')
    }

    test('open alerts of all phases come in one order, the newest first, part by part', async () => {
      const open = await crowd()
      const found: AlertId[] = []
      for (let before: PageMark | undefined; ; ) {
        const mark = before
        const part = await store.transact((tx) =>
          tx.alerts.list({ phase: 'open', limit: 4, ...given({ before: mark }) }),
        )
        found.push(...part.map(({ id }) => id))
        const last = part.at(-1)
        if (last === undefined) break
        before = { at: last.raised, id: last.id }
      }
      expect(found).toEqual(open.map(({ id }) => id).toReversed())
      const since = await store.transact((tx) => tx.alerts.list({ phase: 'open', since: 1010, limit: 99 }))
      expect(since.map(({ id }) => id)).toEqual(found.slice(0, since.length))
      expect(since).toHaveLength(open.filter(({ raised }) => raised >= 1010).length)
    })

    test('open alerts without a future are found part by part, and no other', async () => {
      const open = await crowd()
      const found: AlertId[] = []
      for (let behind: PageMark | undefined; ; ) {
        const mark = behind
        const { lost, next } = await store.transact((tx) => tx.alerts.withoutFuture(4, mark))
        found.push(...lost)
        if (next === undefined) break
        behind = next
      }
      expect(found).toEqual(open.map(({ id }) => id).filter((id) => Number(id.slice(1)) % 4 === 0))
    })

    test('attempts: those due and in nobody’s hands are counted, with the time of the oldest', async () => {
      await withAlert()
      const waiting = (now: number) => store.transact((tx) => tx.attempts.waiting(now))
      expect(await waiting(2000)).toEqual({ count: 0 })
      await store.transact((tx) =>
        tx.attempts.add([
          anAttempt('t1', 'a1', { due: 2000 }),
          anAttempt('t2', 'a1', { due: 2500 }),
          anAttempt('t3', 'a1', { due: 9000 }),
        ]),
      )
      expect(await waiting(3000)).toEqual({ count: 2, oldest: 2000 })
      await store.transact((tx) => tx.attempts.claim({ owner: 'n', now: 2000, until: 4000, limit: 1 }))
      expect(await waiting(3000)).toEqual({ count: 1, oldest: 2500 })
      expect(await waiting(4000)).toEqual({ count: 2, oldest: 2000 })
      const taken = anAttempt('t1', 'a1', { due: 2000, state: 'taken' })
      await store.transact((tx) => tx.attempts.save(taken, 'leased', 4000))
      expect(await waiting(4000)).toEqual({ count: 1, oldest: 2500 })
    })

    test('attempts: emergency first, same key once, a taken one is never claimed again', async () => {
      await withAlert()
      await store.transact((tx) =>
        tx.attempts.add([
          anAttempt('t1', 'a1'),
          anAttempt('t2', 'a1', { class: 'emergency' }),
          anAttempt('t3', 'a1', { key: 'key-t1' }),
        ]),
      )
      const claim = (now: number) =>
        store.transact((tx) => tx.attempts.claim({ owner: 'n', now, until: now + 50, limit: 10 }))
      expect((await claim(2000)).map((a) => a.id)).toEqual(['t2', 't1'])
      const taken = anAttempt('t2', 'a1', { class: 'emergency', state: 'taken' })
      await store.transact((tx) => tx.attempts.save(taken, 'leased', 2001))
      expect((await claim(2050)).map((a) => a.id)).toEqual(['t1'])
    })

    test('attempts: what has not rung yet goes before what rings again', async () => {
      await withAlert()
      await store.transact((tx) =>
        tx.attempts.add([
          anAttempt('again', 'a1', { class: 'emergency', purpose: 'again', due: 1000 }),
          anAttempt('first', 'a1', { class: 'emergency', due: 1500 }),
          anAttempt('urgent', 'a1', { class: 'urgent', due: 900 }),
        ]),
      )
      const claim = (atLeast: 'first' | 'test') =>
        store.transact(async (tx) => {
          const choice = { atLeast, held: [], take: () => true }
          const found = await tx.attempts.claim({ owner: 'n', now: 2000, until: 2000, limit: 10 }, choice)
          return found.map((a) => a.id)
        })
      expect(await claim('first')).toEqual(['first'])
      expect(await claim('test')).toEqual(['first', 'again', 'urgent'])
    })

    test('attempts: once the clock went back, what its old time has put off is due, and nothing else', async () => {
      await withAlert()
      const id = (name: string) => asId<AttemptId>(name)
      await store.transact(async (tx) => {
        await tx.attempts.add([
          anAttempt('waits', 'a1', { created: 5000, due: 5000 }),
          anAttempt('put-off', 'a1', { created: 1000, due: 1000 }),
          anAttempt('anew', 'a1', { created: 1500, due: 2500 }),
          anAttempt('handed', 'a1', { created: 5000, due: 5000, state: 'handed' }),
          anAttempt('taken', 'a1', { created: 5000, due: 5000, state: 'taken' }),
        ])
        await tx.attempts.save(anAttempt('put-off', 'a1', { due: 6000 }), 'queued', 4000)
        await tx.attempts.setBack(2000)
      })
      const due = (name: string) => store.transact(async (tx) => (await tx.attempts.get(id(name)))?.due)
      expect(await Promise.all(['waits', 'put-off', 'handed', 'anew', 'taken'].map(due))).toEqual([
        2000, 2000, 2000, 2500, 5000,
      ])
    })

    test('attempts: once the clock went back, nothing rings for longer than it was to, however often that is looked at', async () => {
      await withAlert()
      const id = (name: string) => asId<AttemptId>(name)
      await store.transact(async (tx) => {
        await tx.attempts.add([
          anAttempt('new', 'a1', { created: 5000, due: 5000, expires: 9000 }),
          anAttempt('put-off', 'a1', { created: 1000, due: 1000, expires: 9000 }),
          anAttempt('since', 'a1', { created: 1500, due: 1500, expires: 9000 }),
        ])
        await tx.attempts.save(anAttempt('put-off', 'a1', { due: 6000 }), 'queued', 4000)
        await tx.attempts.setBack(2000)
        await tx.attempts.setBack(2100)
      })
      const found = await store.transact((tx) =>
        Promise.all(['new', 'put-off', 'since'].map((name) => tx.attempts.get(id(name)))),
      )
      // Made at 4 s to ring: that is left of it from now on. Of what was put off, what it had left then.
      expect(found.map((one) => one?.expires)).toEqual([6000, 7000, 9000])
      expect(found.map((one) => one?.created)).toEqual([2000, 1000, 1500])
    })

    test('the leases of a dead run of one node end at once; another node keeps its own', async () => {
      await withAlert()
      await store.transact((tx) => tx.attempts.add([anAttempt('t1', 'a1'), anAttempt('t2', 'a1')]))
      await store.transact((tx) =>
        tx.due.set(['s1', 's2'].map((name) => ({ alert: asId<AlertId>('a1'), name, at: 1000 }))),
      )
      const claim = (owner: string, limit: number) => ({ owner, now: 2000, until: 32_000, limit })
      for (const owner of ['n_1/dead', 'nx1/alive'])
        await store.transact(async (tx) => {
          await tx.attempts.claim(claim(owner, 1))
          await tx.due.claim(claim(owner, 1))
        })
      const left = () =>
        store.transact(async (tx) => [
          (await tx.attempts.claim(claim('n_1/new', 9))).length,
          (await tx.due.claim(claim('n_1/new', 9))).length,
        ])
      expect(await left()).toEqual([0, 0])
      await store.transact(async (tx) => {
        await tx.attempts.release('n_1/')
        await tx.due.release('n_1/')
      })
      expect(await left()).toEqual([1, 1])
    })

    test('a step of an attempt is stored only on the state that it was made from', async () => {
      await withAlert()
      const id = asId<AttemptId>('t1')
      await store.transact((tx) => tx.attempts.add([anAttempt('t1', 'a1')]))
      const save = (from: AttemptState, next: Partial<Attempt>) =>
        store.transact((tx) => tx.attempts.save(anAttempt('t1', 'a1', next), from, 2005))
      const now = () => store.transact((tx) => tx.attempts.get(id))
      expect(await save('queued', { state: 'presented', fault: 'provider-busy', try: 2, due: 9 })).toBe(true)
      expect(await now()).toMatchObject({ state: 'presented', fault: 'provider-busy', try: 2, due: 9 })
      expect(await save('queued', { state: 'taken' })).toBe(false)
      expect(await now()).toMatchObject({ state: 'presented', try: 2 })
      expect(await save('presented', { state: 'presented' })).toBe(true)
      expect(await now()).not.toHaveProperty('fault')
    })

    test('the inbox gives rows in order behind a cursor', async () => {
      const row = {
        device: asId<DeviceId>('d1'),
        person: asId<PersonId>('p1'),
        alert: asId<AlertId>('a1'),
        purpose: 'ask',
        at: 1,
        expires: 9,
      } as const
      await store.transact((tx) => tx.inbox.add([row, { ...row, purpose: 'update', attempt: asId('t1') }]))
      const all = await store.transact((tx) => tx.inbox.since(asId<DeviceId>('d1'), 0, 10))
      expect(all.map((r) => r.purpose)).toEqual(['ask', 'update'])
      const rest = await store.transact((tx) => tx.inbox.since(asId<DeviceId>('d1'), all[0]!.cursor, 10))
      const told = await store.transact((tx) => tx.inbox.told(all[0]!.cursor, 10))
      expect(told.map((row) => row.device)).toEqual(['d1'])
      expect(await store.transact((tx) => tx.inbox.told('last', 10))).toEqual(told)
      const rang = await store.transact((tx) => tx.inbox.ofAttempt(asId('d1'), asId('t1')))
      expect(rang).toEqual(all.filter(({ attempt }) => attempt === 't1'))
      expect(rest).toEqual([all[1]])
    })

    test('devices are found by their owners: people, roles, both, or nobody', async () => {
      const device = (id: string, owner: Device['owner']): Device => ({
        id: asId(id),
        owner,
        label: id,
        channel: 'webpush',
        address: '{}',
        state: 'active',
        enrolled: 1,
      })
      const all = [
        device('d1', { kind: 'person', person: asId('p1') }),
        device('d2', { kind: 'role', role: asId('r1') }),
        device('d3', { kind: 'person', person: asId('p2') }),
        // A role by the name of a person is somebody else.
        device('d4', { kind: 'role', role: asId('p1') }),
        device('d5', { kind: 'person', person: asId('p1') }),
      ]
      await store.transact(async (tx) => {
        for (const d of all.toReversed()) await tx.devices.add(d, `token ${d.id}`)
      })
      const owned = (people: string[], roles?: string[]) =>
        store.transact(async (tx) => {
          const found = await tx.devices.owned({
            people: people.map((p) => asId<PersonId>(p)),
            ...(roles ? { roles: roles.map((r) => asId<RoleId>(r)) } : {}),
          })
          return found.map((d) => d.id).join(' ')
        })
      expect(await owned(['p1'])).toBe('d1 d5')
      expect(await owned([], ['r1'])).toBe('d2')
      expect(await owned(['p2', 'p1'], ['r1', 'none'])).toBe('d1 d2 d3 d5')
      expect(await owned(['none'])).toBe('')
      expect(await owned([], [])).toBe('')
      const [first, second] = await store.transact(async (tx) => [
        await tx.devices.part('', 3),
        await tx.devices.part('d3', 3),
      ])
      expect([first?.devices.map(({ id }) => id), first?.next]).toEqual([['d1', 'd2', 'd3'], 'd3'])
      expect([second?.devices.map(({ id }) => id), second?.next]).toEqual([['d4', 'd5'], undefined])
      // A large site asks for all who hold anything now, each once.
      const many = Array.from({ length: 3000 }, (_, i) => `p${i}`)
      expect(await owned([...many, 'p1'], many)).toBe('d1 d3 d4 d5')
    })

    test('the database says how large it is; notes are listed by how their keys begin', async () => {
      expect((await store.measure()).bytes).toBeGreaterThan(4096)
      await store.transact(async (tx) => {
        await tx.notes.set('node/a', 1, 5)
        await tx.notes.set('node%', 2, 6)
      })
      const keys = (start?: string) =>
        store.transact(async (tx) => (await tx.notes.list(start)).map((n) => n.key))
      expect(await keys('node/')).toEqual(['node/a'])
      expect(await keys()).toEqual(expect.arrayContaining(['node/a', 'node%']))
    })

    test('devices that are alike are counted, and those of them heard of lately', async () => {
      const person = { kind: 'person', person: asId<PersonId>('p1') } as const
      const device = (id: string, more: Partial<Device>): Device => ({
        ...{ id: asId(id), owner: person, label: id, channel: 'webpush', address: '{}' },
        ...{ state: 'active', enrolled: 1000.5, ...more },
      })
      await store.transact(async (tx) => {
        await tx.devices.add(device('d1', { seen: 1_700_000_000_000.25 }), '1')
        await tx.devices.add(device('d2', {}), '2')
        await tx.devices.add(device('d3', { state: 'dead' }), '3')
        await tx.devices.add(device('d4', { channel: 'fcm', owner: { kind: 'role', role: asId('p1') } }), '4')
      })
      const tally = (since: number) => store.transact((tx) => tx.devices.tally(since))
      const web = { owner: person, channel: 'webpush' }
      expect(await tally(1_700_000_000_000.25)).toEqual([
        { ...web, state: 'active', count: 2, seen: 1 },
        { ...web, state: 'dead', count: 1, seen: 0 },
        { owner: { kind: 'role', role: 'p1' }, channel: 'fcm', state: 'active', count: 1, seen: 0 },
      ])
      expect((await tally(1000.5)).map((row) => row.seen)).toEqual([2, 1, 1])
      expect((await tally(1_700_000_000_000.5)).map((row) => row.seen)).toEqual([0, 0, 0])
    })

    test('a rotated token stops working at once; an enrolment code works once', async () => {
      const device: Device = {
        id: asId('d1'),
        owner: { kind: 'person', person: asId('p1') },
        label: 'phone',
        channel: 'webpush',
        address: '{}',
        state: 'active',
        enrolled: 1,
      }
      await store.transact((tx) => tx.devices.add(device, 'old'))
      await store.transact((tx) => tx.devices.rotate(device.id, 'new'))
      expect(await store.transact((tx) => tx.devices.byToken('old'))).toBeUndefined()
      expect(await store.transact((tx) => tx.devices.byToken('new'))).toEqual(device)
      await store.transact((tx) =>
        tx.codes.add({ digest: 'c', owner: device.owner, made: 1, expires: 5, by: 'op' }),
      )
      expect(await store.transact((tx) => tx.codes.take('c', 4))).toMatchObject({ by: 'op' })
      expect(await store.transact((tx) => tx.codes.take('c', 4))).toBeUndefined()
    })

    test('hops, calls, notes and audit come back', async () => {
      await store.transact(async (tx) => {
        await tx.hops.stamp([
          { bleep: asId('b1'), hop: 'handed', at: 1.25, clock: 'ours' },
          { bleep: asId('b1'), hop: 'opened', at: 2, clock: 'device', offset: -7.5, uncertainty: 20 },
        ])
        await tx.calls.add([
          {
            id: 'c1',
            feed: asId('f'),
            node: asId('n'),
            arrived: 5,
            record: {
              from: '1',
              to: '2',
              internal: true,
              answered: true,
              mailbox: false,
              precisionSeconds: 1,
            },
          },
        ])
        await tx.notes.set('k', { a: [1] }, 5)
        await tx.audit.append({ at: 1, actor: 'x', action: 'view', subject: 'b1', outcome: 'done' })
        await tx.audit.append({
          at: 2,
          actor: 'x',
          action: 'erase',
          subject: 'b1',
          outcome: 'refused',
          detail: { n: 1 },
        })
      })
      await store.transact(async (tx) => {
        expect(await tx.hops.of(asId('b1'))).toEqual([
          { bleep: 'b1', hop: 'handed', at: 1.25, clock: 'ours' },
          { bleep: 'b1', hop: 'opened', at: 2, clock: 'device', offset: -7.5, uncertainty: 20 },
        ])
        expect(await tx.calls.page({ at: 0, id: '' }, 6, 10)).toHaveLength(1)
        expect(await tx.notes.get('k')).toEqual({ a: [1] })
        const audit = await tx.audit.since(0, 10)
        expect(audit.map((e) => e.seq)).toEqual([1, 2])
        expect(audit[0]!.digest).not.toBe(audit[1]!.digest)
      })
    })

    test('facts are replaced, come page by page in order of time, and are forgotten once packed', async () => {
      const fact = (bleep: string, at: number) => ({
        ...{ bleep, at, class: 'urgent' as const, kind: 'met', number: '0028' },
        ...{ handed: at + 1.25, by: 'pbx' as const },
      })
      await store.transact((tx) => tx.facts.put([fact('b2', 10.5), fact('b1', 10.5), fact('b3', 20)]))
      await store.transact((tx) => tx.facts.put([{ ...fact('b3', 20), accepted: 25 }]))
      const page = (at: number, id: string, limit = 10) =>
        store.transact((tx) => tx.facts.page({ at, id }, 30, limit))
      expect(await page(0, '', 2)).toEqual([fact('b1', 10.5), fact('b2', 10.5)])
      expect(await page(10.5, 'b2')).toEqual([{ ...fact('b3', 20), accepted: 25 }])
      expect(await store.transact((tx) => tx.facts.page({ at: 0, id: '' }, 20, 10))).toHaveLength(2)
      await store.transact((tx) => tx.facts.forget(20))
      expect(await page(0, '')).toEqual([{ ...fact('b3', 20), accepted: 25 }])
    })

    test('packs come by kind, those that hold a part of the span, behind the last one seen', async () => {
      const pack = (kind: 'facts' | 'calls', first: number, last: number) => ({
        ...{ kind, first, last, rows: 2 },
        // The first schema kept text, and such packs are still there.
        data: first === 30 ? '{"of":"older"}' : Uint8Array.of(first, 0, 255),
      })
      await store.transact(async (tx) => {
        await tx.packs.add(pack('facts', 10.5, 19))
        await tx.packs.add(pack('facts', 20, 29))
        await tx.packs.add(pack('facts', 30, 39))
        await tx.packs.add(pack('calls', 10.5, 19))
      })
      const page = (from: number, to: number, after: number, limit = 10) =>
        store.transact((tx) => tx.packs.page('facts', from, to, after, limit))
      expect(await page(19, 30, -1)).toEqual([pack('facts', 10.5, 19), pack('facts', 20, 29)])
      expect(await page(0, 99, 10.5, 1)).toEqual([pack('facts', 20, 29)])
      expect(await page(31, 50, -1)).toEqual([pack('facts', 30, 39)])
      expect(await page(40, 50, -1)).toEqual([])
    })

    test('call records come page by page in order of arrival, several of one instant too', async () => {
      const call = (id: string, arrived: number) => ({
        ...{ id, feed: asId<never>('pbx'), node: asId<never>('n'), arrived },
        record: {
          ...{ from: '5001', to: '4213', internal: true, answered: true, mailbox: false },
          precisionSeconds: 1,
        },
      })
      await store.transact((tx) => tx.calls.add([call('c3', 7), call('c2', 5.5), call('c1', 5.5)]))
      const page = (at: number, id: string, to: number, limit: number) =>
        store.transact((tx) => tx.calls.page({ at, id }, to, limit))
      expect(await page(0, '', 10, 2)).toEqual([call('c1', 5.5), call('c2', 5.5)])
      expect(await page(5.5, 'c2', 10, 2)).toEqual([call('c3', 7)])
      expect(await page(0, '', 7, 9)).toHaveLength(2)
    })

    test('asks that are owed come page by page, the oldest first, several of one instant too; settled ones do not', async () => {
      const names = ['a', 'b', 'c', 'd', 'e']
      await store.transact(async (tx) => {
        for (const [i, name] of names.entries())
          await tx.asks.add({
            ...{ bleep: asId<BleepId>(name), at: i < 3 ? 1000 : 2000, ward: 'Ward 1A', told: [] },
            ...(name === 'd' ? { settled: true } : {}),
          })
      })
      const seen: string[] = []
      let mark = { at: 1000, id: '' }
      for (;;) {
        const page = await store.transact((tx) => tx.asks.owed(mark, 2))
        seen.push(...page.map(({ bleep }) => bleep))
        const last = page.at(-1)
        if (last === undefined) break
        mark = { at: last.at, id: last.bleep }
      }
      expect(seen).toEqual(['a', 'b', 'c', 'e'])
    })

    test('one node leads a duty until it lets go', async () => {
      const lease = await store.lead('chores')
      expect(lease?.duty).toBe('chores')
      await lease?.release()
      const again = await store.lead('chores')
      expect(again).toBeDefined()
      await again?.release()
    })

    test('loops are rung awake by topic, and only after asking', () => {
      const rung: string[] = []
      const off = store.wake.on('due', () => rung.push('due'))
      store.wake.ring('due')
      store.wake.ring('inbox')
      off()
      store.wake.ring('due')
      expect(rung).toEqual(['due'])
    })
  })
}
