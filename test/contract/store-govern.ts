import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Bleep } from '../../src/core/bleep/bleep.ts'
import type { Device } from '../../src/core/deliver/device.ts'
import { CHAIN_START, followChain } from '../../src/core/govern/audit.ts'
import { type AlertId, asId, type BleepId, type DeviceId, type PersonId } from '../../src/core/ids.ts'
import type { Phase } from '../../src/core/vocabulary.ts'
import { sha256 } from '../../src/io/store/audit.ts'
import type { Erasure, Hold } from '../../src/ports/govern.ts'
import type { Store, Tx } from '../../src/ports/store.ts'
import { aBleep, anAlert, anAttempt } from './store.ts'

const START = { at: 0, id: '' }
const bleepId = (id: string) => asId<BleepId>(id)

/** What governance asks of every store: keep, hold, take out, account for it. */
export function governContract(name: string, fresh: () => Promise<Store>, why?: string): void {
  describe(`${name} keeps, holds and lets go`, () => {
    let store: Store
    beforeEach(async (ctx) => {
      if (why) ctx.skip(why)
      store = await fresh()
    })
    afterEach(() => store?.close())

    /** A settled bleep with all that hangs on it. */
    const settled = (id: string, received: number, more: Partial<Bleep> = {}, phase: Phase = 'closed') =>
      store.transact(async (tx) => {
        await tx.bleeps.add(aBleep(id, { received, stage: 'routed', ...more }))
        await tx.bleeps.sight({
          ...{ id: asId(`s-${id}`), bleep: bleepId(id), feed: asId('f'), tap: 't', node: asId('n') },
          ...{ page: aBleep(id).page, begun: received, reason: 'first-sighting' },
        })
        await tx.alerts.add(anAlert(`a-${id}`, id, { phase, raised: received }), [
          { kind: 'raised', at: received },
        ])
        await tx.attempts.add([anAttempt(`t-${id}`, `a-${id}`)])
        await tx.hops.stamp([
          { bleep: bleepId(id), hop: 'on-device', at: received, clock: 'ours', person: asId('p1') },
        ])
      })
    const over = async (what: 'words' | 'all', before = 100, limit = 10, mark = START) =>
      (await store.transact((tx) => tx.purge.over(what, mark, before, limit))).map(({ id }) => id)
    const hold = (more: Partial<Hold>, bleeps: readonly string[] = []) =>
      store.transact((tx) =>
        tx.holds.add(
          { id: 'h1', kind: 'bleeps', reason: 'inquest', by: 'op', at: 5, ...more },
          bleeps.map(bleepId),
        ),
      )

    test('what is over comes in order of receipt, behind a mark, and only what lies before the instant', async () => {
      for (const [id, at] of [
        ['b3', 30],
        ['b1', 10.5],
        ['b2', 10.5],
        ['b4', 100],
      ] as const)
        await settled(id, at)
      expect(await over('all')).toEqual(['b1', 'b2', 'b3'])
      expect(await over('all', 100, 2)).toEqual(['b1', 'b2'])
      expect(await over('all', 100, 10, { at: 10.5, id: 'b1' })).toEqual(['b2', 'b3'])
    })

    test('an open alert, a bleep nobody has read and one that waits for a human are never over', async () => {
      await settled('b1', 1, {}, 'covered')
      await settled('b2', 2, {}, 'exhausted')
      await settled('b3', 3, { stage: 'stuck' })
      await settled('b4', 4, { stage: 'received' })
      await settled('b5', 5)
      expect(await over('all')).toEqual(['b5'])
      expect(await over('words')).toEqual(['b5'])
    })

    test('words that are gone are looked for no more', async () => {
      await settled('b1', 1, { erased: 50 })
      await settled('b2', 2)
      expect(await over('words')).toEqual(['b2'])
      expect(await over('all')).toEqual(['b1', 'b2'])
    })

    test('a hold keeps what it names or what its span covers, until it is released', async () => {
      for (const [id, at] of [
        ['b1', 10],
        ['b2', 20],
        ['b3', 30],
      ] as const)
        await settled(id, at)
      await hold({}, ['b1', 'b1'])
      await hold({ id: 'h2', kind: 'span', span: { from: 20, to: 30 } })
      expect(await over('all')).toEqual(['b3'])
      expect(await over('words')).toEqual(['b3'])
      const keeps = (id: string, received: number) =>
        store.transact((tx) => tx.holds.keeps({ id: bleepId(id), received }))
      expect([await keeps('b1', 10), await keeps('b2', 20), await keeps('b3', 30)]).toEqual([
        true,
        true,
        false,
      ])
      expect(await store.transact((tx) => tx.holds.release('h1', 60))).toBe(true)
      expect(await store.transact((tx) => tx.holds.release('h1', 61))).toBe(false)
      expect(await over('all')).toEqual(['b1', 'b3'])
      await store.transact((tx) => tx.holds.release('h2', 60))
      expect(await over('all')).toEqual(['b1', 'b2', 'b3'])
      const listed = await store.transact((tx) => tx.holds.list())
      expect(listed.map(({ id, span, released }) => [id, span, released])).toEqual([
        ['h1', undefined, 60],
        ['h2', { from: 20, to: 30 }, 60],
      ])
    })

    test('a bleep is taken out with everything that hangs on it, and nothing else', async () => {
      await settled('b1', 1)
      await settled('b2', 2)
      await store.transact((tx) => tx.purge.bleeps([bleepId('b1')]))
      const left = await store.transact(async (tx) => ({
        gone: [
          await tx.bleeps.get(bleepId('b1')),
          await tx.alerts.get(asId<AlertId>('a-b1')),
          await tx.attempts.get(asId('t-b1')),
        ],
        lists: [
          await tx.bleeps.sightings(bleepId('b1')),
          await tx.alerts.events(asId<AlertId>('a-b1')),
          await tx.hops.of(bleepId('b1')),
        ],
        other: [
          (await tx.bleeps.sightings(bleepId('b2'))).length,
          (await tx.alerts.events(asId<AlertId>('a-b2'))).length,
          (await tx.hops.of(bleepId('b2'))).length,
          (await tx.attempts.ofAlert(asId<AlertId>('a-b2'))).length,
        ],
      }))
      expect(left).toEqual({
        gone: [undefined, undefined, undefined],
        lists: [[], [], []],
        other: [1, 1, 1, 1],
      })
    })

    test('sightings and events are written anew in their places', async () => {
      await settled('b1', 1)
      await store.transact(async (tx) => {
        const alert = anAlert('a-b1', 'b1', { phase: 'closed', raised: 1, revision: 2 })
        await tx.alerts.save(alert, 1, [{ kind: 'due', at: 3, name: 'x' }])
        await tx.bleeps.resight(bleepId('b1'), (s) => ({ ...s, page: { ...s.page, text: '' } }))
        await tx.alerts.rewrite(asId('a-b1'), (e) => (e.kind === 'due' ? { ...e, name: 'y' } : e))
      })
      const [sightings, events] = await store.transact(async (tx) => [
        await tx.bleeps.sightingsOf([bleepId('b1'), bleepId('none')]),
        await tx.alerts.events(asId<AlertId>('a-b1')),
      ])
      expect(sightings.map((s) => s.page.text)).toEqual([''])
      expect(events).toEqual([
        { kind: 'raised', at: 1 },
        { kind: 'due', at: 3, name: 'y' },
      ])
    })

    test('bleeps and alerts come page by page, several of one instant too', async () => {
      for (const [id, at] of [
        ['b2', 5],
        ['b1', 5],
        ['b3', 7],
      ] as const)
        await settled(id, at)
      const bleeps = (mark: { at: number; id: string }) =>
        store.transact((tx) => tx.bleeps.page(mark, 8, 2)).then((all) => all.map(({ id }) => id))
      const alerts = (mark: { at: number; id: string }) =>
        store.transact((tx) => tx.alerts.page(mark, 2)).then((all) => all.map(({ id }) => id))
      expect(await bleeps(START)).toEqual(['b1', 'b2'])
      expect(await bleeps({ at: 5, id: 'b2' })).toEqual(['b3'])
      expect(await alerts(START)).toEqual(['a-b1', 'a-b2'])
      expect(await alerts({ at: 5, id: 'a-b2' })).toEqual(['a-b3'])
    })

    test('inbox rows go oldest first, a cursor is never given twice', async () => {
      const row = (at: number) => ({
        ...{ device: asId<DeviceId>('d1'), person: asId<PersonId>('p1'), alert: asId<AlertId>('a1') },
        ...{ purpose: 'ask' as const, at, expires: at + 9 },
      })
      await store.transact((tx) => tx.inbox.add([row(1), row(2), row(3)]))
      const last = await store.transact((tx) => tx.inbox.told('last', 1))
      expect(await store.transact((tx) => tx.purge.inbox(3, 1))).toBe(1)
      expect(await store.transact((tx) => tx.purge.inbox(9, 10))).toBe(2)
      expect(await store.transact((tx) => tx.purge.inbox(9, 10))).toBe(0)
      await store.transact((tx) => tx.inbox.add([row(4)]))
      const next = await store.transact((tx) => tx.inbox.told('last', 1))
      expect(next[0]!.cursor).toBeGreaterThan(last[0]!.cursor)
    })

    test('call records go oldest first, but for those that a span is held of', async () => {
      const call = (id: string, arrived: number) => ({
        ...{ id, feed: asId<never>('pbx'), node: asId<never>('n'), arrived },
        record: {
          ...{ from: '5001', to: '4213', internal: true, answered: true, mailbox: false },
          precisionSeconds: 1,
        },
      })
      await store.transact((tx) => tx.calls.add([call('c1', 1), call('c2', 20), call('c3', 40)]))
      await hold({ kind: 'span', span: { from: 10, to: 30 } })
      expect(await store.transact((tx) => tx.purge.calls(40, 10))).toBe(1)
      const left = await store.transact((tx) => tx.calls.page({ at: 0, id: '' }, 99, 100))
      expect(left.map(({ id }) => id)).toEqual(['c2', 'c3'])
    })

    test('figures go when all of a pack is over', async () => {
      const fact = (bleep: string, at: number) => ({
        ...{ bleep, at, class: 'urgent' as const, kind: 'met', number: '0028' },
      })
      await store.transact(async (tx) => {
        await tx.facts.put([fact('b1', 1), fact('b2', 60)])
        await tx.packs.add({ kind: 'facts', first: 1, last: 49, rows: 2, data: '{}' })
        await tx.packs.add({ kind: 'calls', first: 40, last: 50, rows: 2, data: '{}' })
      })
      expect(await store.transact((tx) => tx.purge.measures(50, 10))).toBe(2)
      const left = await store.transact(async (tx) => [
        (await tx.facts.page(START, 99, 9)).length,
        (await tx.packs.page('facts', 0, 99, -1, 9)).length,
        (await tx.packs.page('calls', 0, 99, -1, 9)).length,
      ])
      expect(left).toEqual([1, 0, 1])
    })

    test('only devices out of use go, by when they were last seen; codes when they have run out', async () => {
      const device = (id: string, state: Device['state'], seen?: number): Device => ({
        ...{ id: asId(id), owner: { kind: 'person', person: asId('p1') }, label: '', channel: 'socket' },
        ...{ address: '', state, enrolled: 2 },
        ...(seen === undefined ? {} : { seen }),
      })
      await store.transact(async (tx) => {
        await tx.devices.add(device('d1', 'active', 1), '1')
        await tx.devices.add(device('d2', 'revoked', 60), '2')
        await tx.devices.add(device('d3', 'dead', 10), '3')
        await tx.devices.add(device('d4', 'signed-out'), '4')
        const owner = { kind: 'person', person: asId<PersonId>('p1') } as const
        await tx.codes.add({ digest: 'old', owner, made: 1, expires: 9, by: 'op' })
        await tx.codes.add({ digest: 'new', owner, made: 1, expires: 90, by: 'op' })
      })
      expect(await store.transact((tx) => tx.purge.devices(50))).toBe(2)
      expect((await store.transact((tx) => tx.devices.list())).map(({ id }) => id)).toEqual(['d1', 'd2'])
      expect(await store.transact((tx) => tx.purge.codes(50))).toBe(1)
      expect(await store.transact((tx) => tx.codes.take('new', 50))).toBeDefined()
    })

    test('notes go by the beginning of their key and by age', async () => {
      await store.transact(async (tx) => {
        await tx.notes.set('re-page/0028', [1], 1)
        await tx.notes.set('re-page/0029', [2], 60)
        await tx.notes.set('re-pages', 3, 1)
        await tx.notes.set('off', 4, 1)
        await tx.notes.forget('off')
      })
      const all = (await store.transact((tx) => tx.notes.list())).filter(({ key }) => key.startsWith('re-'))
      expect(all.map(({ key, value, at }) => [key, value, at])).toEqual([
        ['re-page/0028', [1], 1],
        ['re-page/0029', [2], 60],
        ['re-pages', 3, 1],
      ])
      expect(await store.transact((tx) => tx.purge.notes('re-page/', 50))).toBe(1)
      const left = await store.transact(async (tx) => [
        await tx.notes.get('re-page/0028'),
        await tx.notes.get('re-page/0029'),
        await tx.notes.get('re-pages'),
        await tx.notes.get('off'),
      ])
      expect(left).toEqual([undefined, [2], 3, undefined])
    })

    test('a pseudonym takes a person’s place in one alert, and in no other', async () => {
      await settled('b1', 1)
      await settled('b2', 2)
      await store.transact((tx) =>
        tx.purge.rename({ alert: asId('a-b1'), bleep: bleepId('b1') }, asId('p1'), asId('gone-1')),
      )
      const people = await store.transact(async (tx) => [
        (await tx.attempts.ofAlert(asId<AlertId>('a-b1')))[0]?.person,
        (await tx.hops.of(bleepId('b1')))[0]?.person,
        (await tx.attempts.ofAlert(asId<AlertId>('a-b2')))[0]?.person,
        (await tx.hops.of(bleepId('b2')))[0]?.person,
      ])
      expect(people).toEqual(['gone-1', 'gone-1', 'p1', 'p1'])
    })

    test('an edit of the directory is written anew in its place, or taken out', async () => {
      await store.transact(async (tx) => {
        await tx.directory.add({ id: 'e1', at: 1, by: 'op', edit: { a: 1 } })
        await tx.directory.add({ id: 'e2', at: 2, by: 'op', edit: { a: 2 } })
        await tx.directory.replace('e2', { a: 3 })
      })
      expect(await store.transact((tx) => tx.purge.edits(['e1', 'none']))).toBe(1)
      expect(await store.transact((tx) => tx.directory.list())).toEqual([
        { id: 'e2', at: 2, by: 'op', edit: { a: 3 } },
      ])
    })

    test('an erasure is put, put again, found by its state, and goes when it is old and not under way', async () => {
      const erasure = (id: string, state: Erasure['state'], at: number): Erasure => ({
        ...{
          id,
          at,
          by: 'op',
          reason: 'request 7',
          state,
          bleeps: [bleepId('b1')],
          erased: 0,
          left: {},
          touched: at,
        },
      })
      await store.transact(async (tx) => {
        for (const [id, at] of [
          ['e1', 1],
          ['e2', 2],
          ['e3', 3],
        ] as const)
          await tx.erasures.put(erasure(id, 'planned', at))
        await tx.erasures.put(erasure('e2', 'started', 2))
        await tx.erasures.put({ ...erasure('e3', 'done', 3), done: 9 })
      })
      expect(await store.transact((tx) => tx.erasures.get('e2'))).toEqual(erasure('e2', 'started', 2))
      const started = await store.transact((tx) => tx.erasures.list('started', 9))
      expect(started.map(({ id }) => id)).toEqual(['e2'])
      await hold({ at: 1 }, ['b1'])
      await store.transact((tx) => tx.holds.release('h1', 2))
      expect(await store.transact((tx) => tx.purge.papers(3))).toBe(2)
      const left = await store.transact(async (tx) => [
        await tx.erasures.get('e1'),
        (await tx.erasures.get('e2'))?.state,
        (await tx.erasures.get('e3'))?.state,
        (await tx.holds.list()).length,
      ])
      expect(left).toEqual([undefined, 'started', 'done', 0])
    })

    test('the audit chain holds, over writers at one moment and over erased content', async () => {
      const append = (n: number) =>
        store.transact((tx) =>
          tx.audit.append({
            at: n,
            actor: 'op',
            action: 'alert.read',
            subject: `a${n % 3}`,
            outcome: 'done',
          }),
        )
      await Promise.all(Array.from({ length: 12 }, (_, i) => append(i + 1)))
      const follow = async () => {
        const rows = await store.transact((tx) => tx.audit.since(0, 100))
        return rows.reduce((state, row) => followChain(state, row, sha256), CHAIN_START)
      }
      expect(await follow()).toMatchObject({ seq: 12, erased: 0 })
      const about = await store.transact((tx) => tx.audit.about(['a0', 'a1'], 99))
      expect(about).toHaveLength(8)
      await store.transact((tx) => tx.audit.forget(about.map(({ seq }) => seq)))
      const after = await follow()
      expect(after).toMatchObject({ seq: 12, erased: 8 })
      expect(after.broken).toBeUndefined()
      expect(await store.transact((tx) => tx.audit.about(['a0', 'a1'], 99))).toEqual([])
    })

    test('the audit tells what was done to something, by somebody, or within a time', async () => {
      const entry = (at: number, actor: string, action: string, subject: string) =>
        store.transact((tx) => tx.audit.append({ at, actor, action, subject, outcome: 'done' }))
      await entry(10, 'op', 'board.read', '')
      await entry(20, 'device:d1', 'inbox.read', 'a1')
      await entry(30, 'op', 'alert.read', 'a1')
      await entry(40, 'op', 'board.read', '')
      const seqs = async (work: (tx: Tx) => Promise<readonly { seq: number }[]>) =>
        (await store.transact(work)).map(({ seq }) => seq)
      expect(await seqs((tx) => tx.audit.about(['a1', 'b1'], 9))).toEqual([2, 3])
      expect(await seqs((tx) => tx.audit.by(['device:d1'], 9))).toEqual([2])
      expect(await seqs((tx) => tx.audit.by(['op'], 2))).toEqual([1, 3])
      expect(await seqs((tx) => tx.audit.by([], 2))).toEqual([])
      expect(await seqs((tx) => tx.audit.during('board.read', { from: 10, to: 40 }, 9))).toEqual([1])
      expect(await seqs((tx) => tx.audit.during('board.read', { from: 11, to: 41 }, 9))).toEqual([4])
    })

    test('a pseudonym takes a person’s place in the inbox of a device, and in holds', async () => {
      const row = (device: string, who: string) => ({
        ...{ device: asId<DeviceId>(device), person: asId<PersonId>(who), alert: asId<AlertId>('a1') },
        ...{ purpose: 'ask' as const, at: 1, expires: 9 },
      })
      await store.transact((tx) => tx.inbox.add([row('d1', 'p1'), row('d1', 'p2'), row('d2', 'p1')]))
      await hold({ kind: 'person', person: asId('p1') })
      await store.transact(async (tx) => {
        await tx.purge.renameInbox(asId('d1'), asId('p1'), asId('gone-1'))
        await tx.purge.renameHolds(asId('p1'), asId('gone-1'))
      })
      const people = await store.transact(async (tx) => [
        ...(await tx.inbox.since(asId<DeviceId>('d1'), 0, 9)).map(({ person }) => person),
        ...(await tx.inbox.since(asId<DeviceId>('d2'), 0, 9)).map(({ person }) => person),
        ...(await tx.holds.list()).map(({ person }) => person),
      ])
      expect(people).toEqual(['gone-1', 'p2', 'p1', 'gone-1'])
    })

    test('requests come back, those to be answered by when they are due; words kept apart stay with their bleep', async () => {
      const request = (id: string, due: number, state: 'open' | 'done' = 'open') => ({
        ...{ id, due, state, kind: 'access' as const, reason: 'IG-7', by: 'op', received: due - 30 },
        ...{ items: [], touched: 0 },
      })
      await store.transact(async (tx) => {
        await tx.requests.put(request('r1', 90))
        await tx.requests.put(request('r2', 80))
        await tx.requests.put(request('r3', 70, 'done'))
        await tx.requests.put({ ...request('r1', 90), reason: 'IG-8' })
      })
      const told = await store.transact((tx) => tx.requests.open(9))
      expect(told.map(({ id, reason }) => `${id} ${reason}`)).toEqual(['r2 IG-7', 'r1 IG-8'])
      expect((await store.transact((tx) => tx.requests.list(2))).map(({ id }) => id)).toEqual(['r1', 'r2'])
      expect(await store.transact((tx) => tx.requests.get('r3'))).toEqual(request('r3', 70, 'done'))
      await store.transact((tx) => tx.purge.papers(1000))
      expect((await store.transact((tx) => tx.requests.list(9))).map(({ id }) => id)).toEqual(['r1', 'r2'])

      await settled('b1', 10)
      const { page } = aBleep('b1')
      const apart = { bleep: { page }, sightings: [], thread: [], responders: {}, events: [] }
      await store.transact((tx) => tx.restricted.put(bleepId('b1'), 5, apart))
      expect(await store.transact((tx) => tx.restricted.get(bleepId('b1')))).toEqual(apart)
      await store.transact((tx) => tx.purge.bleeps([bleepId('b1')]))
      expect(await store.transact((tx) => tx.restricted.get(bleepId('b1')))).toBeUndefined()
    })

    test('the search table gives moments that hold a word of each group, in order, and lets words go', async () => {
      const search = <T>(work: (tx: Tx) => Promise<T>) => store.transact(work)
      await search(async (tx) => {
        await tx.search.put(10.25, ['JONES', 'WARD', '@ada'])
        await tx.search.put(10.25, ['JONES', 'BED'])
        await tx.search.put(20, ['SMITH', 'WARD'])
      })
      const find = (groups: string[][], after = 0, to = 100, limit = 10) =>
        search((tx) => tx.search.find(groups, after, to, limit))
      expect(await find([['WARD', 'BED']])).toEqual([10.25, 20])
      expect(await find([['WARD'], ['SMITH', 'BROWN']])).toEqual([20])
      expect(await find([['WARD']], 10.25)).toEqual([20])
      expect(await find([['WARD']], 0, 20)).toEqual([10.25])
      expect(await find([['WARD']], 0, 100, 1)).toEqual([10.25])
      expect(await find([['WARD'], []])).toEqual([])
      expect(await find([])).toEqual([])
      const known = async () => {
        const first = await search((tx) => tx.search.words(-1, 3))
        const rest = await search((tx) => tx.search.words(first.at(-1)?.place ?? -1, 9))
        return [...first, ...rest].map(({ word }) => word).toSorted()
      }
      expect(await known()).toEqual(['@ada', 'BED', 'JONES', 'SMITH', 'WARD'])
      await search((tx) => tx.search.forget(10.25, ['JONES', 'WARD']))
      expect(await known()).toEqual(['@ada', 'BED', 'SMITH', 'WARD'])
      expect(await find([['WARD']])).toEqual([20])
    })

    test('bleeps of one number come page by page; those whose alert closes or is written on are named once', async () => {
      for (const [id, at] of [
        ['b2', 20],
        ['b1', 10],
        ['b3', 20],
      ] as const)
        await settled(id, at)
      const of = async (mark: typeof START, limit = 9) =>
        (await store.transact((tx) => tx.bleeps.ofNumber('0028', mark, 100, limit))).map(({ id }) => id)
      expect(await of(START, 2)).toEqual(['b1', 'b2'])
      expect(await of({ at: 20, id: 'b2' })).toEqual(['b3'])
      const again = () => store.transact((tx) => tx.search.again(10))
      expect(await again()).toEqual([])
      for (const revision of [2, 3])
        await store.transact((tx) =>
          tx.alerts.save(anAlert('a-b1', 'b1', { phase: 'closed', revision }), revision - 1, [
            { kind: 'due', at: 3, name: 's' },
          ]),
        )
      expect(await again()).toEqual(['b1'])
      await store.transact((tx) => tx.search.seen([bleepId('b1')]))
      expect(await again()).toEqual([])
    })

    test('it can be asked to tidy up at any time', async () => {
      await settled('b1', 1)
      expect(await store.tidy()).toBe(true)
    })
  })
}
