import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { buildDirectory } from '../../src/core/directory/build.ts'
import type { SubjectRequest } from '../../src/core/govern/request.ts'
import { KEEP_TIMES, type Keeps } from '../../src/core/govern/retain.ts'
import { asId, type BleepId, type PersonId } from '../../src/core/ids.ts'
import { DAY, MINUTE } from '../../src/core/instant.ts'
import { openSqlite, type RowStore } from '../../src/io/store/open.ts'
import type { WordKeys } from '../../src/io/store/word-key.ts'
import { keyFolder } from '../../src/io/store/word-key-folder.ts'
import type { Erased } from '../../src/ports/ledger.ts'
import type { Store } from '../../src/ports/store.ts'
import { createErasures } from '../../src/run/keep/erasures.ts'
import { createRequests } from '../../src/run/keep/requests.ts'
import { sealSome } from '../../src/run/keep/seal-words.ts'
import { indexSome } from '../../src/run/keep/search-index.ts'
import { aBleep, anAlert } from '../contract/store.ts'
import { removeFolder } from '../support/folders.ts'
import { mortal } from '../support/mortal-store.ts'
import { smallSite } from '../support/small-site.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

/*
 * An erasure killed before and after every commit, and gone on with by the next process: everything is gone once, nothing is
 * left half, and what was written down for older copies holds each of it.
 */
class TurningClock extends VirtualClock {
  override after(_: number, run: () => void) {
    setImmediate(run)
    return { cancel: () => undefined }
  }
}

const KEEPS = Object.fromEntries(Object.entries(KEEP_TIMES).map(([what, { days }]) => [what, days])) as Keeps
const START = Date.UTC(2026, 0, 5, 9)
const GONE = asId<PersonId>('gone')
const directory = () => buildDirectory(smallSite())
const opened: Store[] = []
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})

async function hospital(keys?: WordKeys): Promise<RowStore> {
  const store = await openSqlite(':memory:', keys)
  opened.push(store)
  for (const [i, text] of [
    'MR JONES 9434765919',
    'JONES AGAIN 943 476 5919',
    'MRS SMITH 4010232137',
  ].entries()) {
    const [id, at] = [`b${i}`, START + i * MINUTE]
    const said = { kind: 'note' as const, text: `${text} IS WORSE` }
    const by = { kind: 'person' as const, person: GONE }
    await store.transact(async (tx) => {
      await tx.bleeps.add(aBleep(id, { received: at, stage: 'routed', page: { ...aBleep(id).page, text } }))
      await tx.alerts.add(
        anAlert(`a${i}`, id, { phase: 'closed', raised: at, thread: [{ at, by: GONE, ...said }] }),
        [{ kind: 'said', at, by, said }],
      )
    })
  }
  await store.transact((tx) => tx.notes.set('facts-until', START + DAY, START))
  while ((await indexSome(store, START + DAY)) > 0);
  return store
}

function partsOf(store: Store, at: number, noted: Erased[]) {
  const ledger = {
    note: async (some: readonly Erased[]) => void noted.push(...some),
    since: async () => noted,
    prune: async () => undefined,
  }
  return {
    ...{ store, clock: new TurningClock(at), directory, ledger, rules: { twoPeople: false } },
    ...{
      random: { bytes: (n: number) => new Uint8Array(n) },
      sealer: { seal: async (plain: Uint8Array) => plain },
    },
  }
}

const everything = (store: Store) =>
  store.transact(async (tx) =>
    JSON.stringify([
      await tx.bleeps.page({ at: 0, id: '' }, START + DAY, 9),
      await tx.alerts.page({ at: 0, id: '' }, 9),
      await Promise.all(['a0', 'a1', 'a2'].map((id) => tx.alerts.events(asId(id)))),
      await tx.search.words(-1, 999),
    ]),
  )

/** Dies at each commit in turn until one run lives; then the next process goes on. */
async function killed(
  begin: (store: Store) => Promise<string>,
  work: (store: Store, id: string, noted: Erased[]) => Promise<unknown>,
  goOn: (store: Store, noted: Erased[]) => Promise<unknown>,
  holds: (store: Store, id: string, noted: readonly Erased[]) => Promise<void>,
  fresh: () => Promise<Store> = hospital,
): Promise<number> {
  for (let commit = 1; ; commit++)
    for (const when of ['before', 'after'] as const) {
      const store = await fresh()
      const id = await begin(store)
      const noted: Erased[] = []
      const dying = mortal(store, { commit, when })
      await work(dying, id, noted).catch(() => undefined)
      if (!dying.dead()) return commit
      await goOn(store, noted)
      await holds(store, id, noted)
    }
}

const request: SubjectRequest = {
  ...{ id: 'r1', kind: 'erase', reason: 'IG-1', by: 'ann', received: START, due: START + 30 * DAY },
  ...{ state: 'approved', about: { text: 'JONES', from: 0, to: START + DAY }, touched: START },
  items: ['b0', 'b1'].map((id, i) => ({
    ...{ bleep: asId<BleepId>(id), received: START + i * MINUTE, where: ['page' as const], reviewed: {} },
    decided: { what: 'erase' as const, by: 'ann', at: START },
  })),
}

test('a request to erase: gone on with from any commit, proved, and everything of it gone', async () => {
  const commits = await killed(
    async (store) => {
      await store.transact((tx) => tx.requests.put(request))
      return 'r1'
    },
    (store, id, noted) => createRequests(partsOf(store, START + DAY, noted)).carryOut('ann', id),
    async (store, noted) => {
      const next = createRequests(partsOf(store, START + DAY + 11 * MINUTE, noted))
      await next.resume()
      // Killed before it began, nothing was begun: whoever asked asks again.
      await next.carryOut('ann', 'r1')
    },
    async (store, _, noted) => {
      const after = await everything(store)
      expect(after).not.toContain('JONES')
      expect(after).toContain('SMITH')
      expect(await store.transact((tx) => tx.requests.get('r1'))).toMatchObject({
        ...{ state: 'done', proof: { looked: 2, still: 0 } },
        items: [{ outcome: 'done' }, { outcome: 'done' }],
      })
      expect(new Set(noted.flatMap((one) => ('bleep' in one ? [one.bleep] : [])))).toEqual(
        new Set(['b0', 'b1']),
      )
    },
  )
  expect(commits).toBeGreaterThan(4)
})

test('sealed words: the keys of what was erased are destroyed from any commit, and no other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bleepd-crash-keys-'))
  let n = 0
  let keys: WordKeys | undefined
  let patients: readonly string[] = []
  const commits = await killed(
    async (store) => {
      await store.transact((tx) => tx.requests.put(request))
      return 'r1'
    },
    (store, id, noted) => createRequests(partsOf(store, START + DAY, noted)).carryOut('ann', id),
    async (store, noted) => {
      const next = createRequests(partsOf(store, START + DAY + 11 * MINUTE, noted))
      await next.resume()
      await next.carryOut('ann', 'r1')
      while (await sealSome(store, START + DAY, KEEPS));
    },
    async (store) => {
      expect(await everything(store)).not.toContain('JONES')
      const left = [1, 2, 3].map((key) => keys?.get(`${keys.store}-${key}`))
      expect(left).toEqual(['destroyed', 'destroyed', expect.anything()])
      expect(left[2]).not.toBe('destroyed')
      // And the patient's own, not the other's.
      expect(patients.map((key) => typeof keys?.get(key))).toEqual(['string', 'object'])
      await keys?.close()
    },
    async () => {
      n += 1
      keys = await keyFolder({ folder: join(folder, String(n)), siteKey: 's', former: [], now: START }, true)
      const store = await hospital(keys)
      patients = await store.rows(async (tx) => {
        const rows = await tx
          .selectFrom('subject_bleeps')
          .select('subject')
          .distinct()
          .orderBy('subject')
          .execute()
        return rows.map(({ subject }) => subject)
      })
      return store
    },
  )
  expect(commits).toBeGreaterThan(4)
  removeFolder(folder)
})

test('somebody who left: renamed everywhere from any commit, under one pseudonym', async () => {
  await killed(
    async (store) => {
      const planned = await createErasures(partsOf(store, START + DAY, [])).plan(
        'ann',
        { person: GONE },
        'left',
      )
      if (!planned.ok) throw new Error(planned.fault.code)
      return planned.value.id
    },
    (store, id, noted) => createErasures(partsOf(store, START + DAY, noted)).carryOut('ann', id),
    async (store, noted) => {
      const next = createErasures(partsOf(store, START + DAY + 11 * MINUTE, noted))
      await next.resume()
      const [plan] = await store.transact((tx) => tx.erasures.list('planned', 9))
      if (plan !== undefined) await next.carryOut('ann', plan.id)
    },
    async (store, id) => {
      const after = await everything(store)
      expect(after).not.toContain(`"${GONE}"`)
      expect(after).not.toContain('@gone"')
      expect(after).toContain('gone-000000000000')
      expect(await store.transact((tx) => tx.erasures.get(id))).toMatchObject({ state: 'done' })
    },
  )
})
