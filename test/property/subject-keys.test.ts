import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { asId } from '../../src/core/ids.ts'
import { subjectsOf } from '../../src/io/store/key-names.ts'
import { openSqlite, type RowStore } from '../../src/io/store/open.ts'
import { keyFolder } from '../../src/io/store/word-key-folder.ts'
import { aBleep } from '../contract/store.ts'
import { removeFolder } from '../support/folders.ts'

/*
 * Words bound to patients in any order, bound anew and taken out, with starts between: whatever was not taken out can be
 * read, a patient's key stands as long as something is bound to it and not a moment longer, and rows and names agree.
 */
const folder = mkdtempSync(join(tmpdir(), 'bleepd-patients-'))
afterAll(() => removeFolder(folder))
let runs = 0

const bleep = fc.integer({ min: 0, max: 4 })
const patients = fc.uniqueArray(fc.constantFrom('nhs 1', 'nhs 2', 'local A'), { maxLength: 3 })
const step = fc.oneof(
  fc.record({ what: fc.constant('bind' as const), bleep, patients }),
  fc.record({ what: fc.constant('take out' as const), bleep }),
  fc.record({ what: fc.constant('begin anew' as const) }),
)

test('in any order what stands can be read, what is gone cannot, and no key outlives what it is for', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const path = join(folder, String(runs++))
      const begin = async () => {
        const keys = await keyFolder({ folder: `${path}-keys`, siteKey: 's', former: [], now: 1e12 }, true)
        return { keys, store: await openSqlite(`${path}.sqlite`, keys) }
      }
      let { keys, store } = await begin()
      const end = async () => {
        await store.close()
        await keys.close()
      }
      const left = new Set<string>()
      const seen = new Set<string>()
      for (let i = 0; i < 5; i++) {
        const page = { ...aBleep('x').page, text: `WORDS b${i}` }
        await store.transact((tx) => tx.bleeps.add(aBleep(`b${i}`, { page })))
        left.add(`b${i}`)
      }
      for (const one of steps) {
        if (one.what === 'begin anew') {
          await end()
          ;({ keys, store } = await begin())
        } else if (one.what === 'bind')
          await store.transact((tx) => tx.words.bind(`b${one.bleep}`, async () => one.patients))
        else {
          await store.transact((tx) => tx.purge.bleeps([asId(`b${one.bleep}`)]))
          left.delete(`b${one.bleep}`)
        }
        for (const key of await standing(store)) seen.add(key)
      }
      expect(await store.tidy()).toBe(true)
      for (const id of left) {
        const read = await store.transact((tx) => tx.bleeps.get(asId(id)))
        expect(read?.page.text).toBe(`WORDS ${id}`)
      }
      const { names, links } = await store.rows(async (tx) => ({
        names: await tx.selectFrom('bleeps').select(['id', 'key']).execute(),
        links: await tx.selectFrom('subject_bleeps').selectAll().execute(),
      }))
      const bound = names.flatMap(({ id, key }) => subjectsOf(key ?? '').map((one) => `${one} ${id}`))
      expect(links.map((row) => `${row.subject} ${row.bleep}`).toSorted()).toEqual(bound.toSorted())
      const stand = new Set(await standing(store))
      expect(new Set(links.map(({ subject }) => subject))).toEqual(stand)
      for (const key of seen) expect(typeof keys.get(key)).toBe(stand.has(key) ? 'object' : 'string')
      await end()
    }),
    { numRuns: Number(process.env.RUNS ?? 6), seed: 20 },
  )
})

const standing = (store: RowStore) =>
  store.rows(async (tx) =>
    (await tx.selectFrom('own_keys').select('key').where('what', '=', 'subject').execute()).map(
      ({ key }) => key,
    ),
  )
