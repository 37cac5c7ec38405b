import { spawnSync } from 'node:child_process'
import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { buildDirectory } from '../../src/core/directory/build.ts'
import type { About } from '../../src/core/govern/subject.ts'
import { termsOf } from '../../src/core/govern/terms.ts'
import { asId, type BleepId, type PersonId } from '../../src/core/ids.ts'
import { DAY } from '../../src/core/instant.ts'
import { writeDoc } from '../../src/core/stored/form.ts'
import { FORMS } from '../../src/core/stored/forms.ts'
import { systemClock } from '../../src/io/clock.ts'
import { systemRandom } from '../../src/io/random.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { termOf } from '../../src/io/store/search.ts'
import { createErasures } from '../../src/run/keep/erasures.ts'
import { createSubjects } from '../../src/run/keep/subjects.ts'
import { aBleep, anAlert } from '../contract/store.ts'
import { removeFolder } from '../support/folders.ts'
import { smallSite } from '../support/small-site.ts'

/**
 * What a copy of one person's data takes over eight years, and what it costs whoever is paged meanwhile: a made-up
 * database, the same for a seed, with a patient in twelve of its bleeps and a member of staff in some hundreds.
 */
const { values } = parseArgs({
  options: {
    bleeps: { type: 'string', default: '300000' },
    seed: { type: 'string', default: '1' },
    fill: { type: 'string' },
  },
})
const COUNT = Number(values.bleeps)
const folder = values.fill ?? mkdtempSync(join(tmpdir(), 'bleep-bridge-subject-'))
const path = join(folder, 'bleeps.sqlite')
const clock = systemClock(() => undefined)
const END = clock.now() - DAY
/** Stands for the time of a bleep until it is filled in. */
const AT = 7_777_777_777_777
const START = END - 8 * 365.25 * DAY
const say = (text: string): void => void process.stdout.write(`${text}\n`)

let state = Number(values.seed) >>> 0
const random = (below: number): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}
const letters = (n: number) => Array.from({ length: n }, () => String.fromCharCode(65 + random(26))).join('')
const NAMES = Array.from({ length: 20_000 }, () => letters(4 + random(6)))

if (values.fill !== undefined) {
  await (await openSqlite(path)).close()
  fill()
  process.exit(0)
}
// By a process of its own: what making it up takes of memory is not what searching takes.
const filling = performance.now()
const { status } = spawnSync(
  process.execPath,
  [...process.execArgv, import.meta.filename, ...process.argv.slice(2), '--fill', folder],
  { stdio: 'inherit' },
)
if (status !== 0) throw new Error('the database could not be made up')
say(`made up in ${((performance.now() - filling) / 1000).toFixed(0)} s`)
const store = await openSqlite(path)
await store.transact((tx) => tx.notes.set('search-until', END, END))
await store.transact((tx) => tx.notes.set('facts-until', END, END))
say(`${COUNT} bleeps, ${(statSync(path).size / 1e9).toFixed(2)} GB`)

function fill(): void {
  const raw = new DatabaseSync(path)
  // Nothing else reads it meanwhile: no journal, one transaction, and the indexes when all rows are there.
  raw.exec(
    'pragma journal_mode = delete; pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -1000000',
  )
  raw.exec('pragma temp_store = file; begin; create temp table held (term integer, at real)')
  const indexes = raw
    .prepare(
      "select name, sql from sqlite_master where type = 'index' and sql is not null and tbl_name in ('bleeps', 'alerts')",
    )
    .all()
  for (const { name } of indexes) raw.exec(`drop index ${name}`)
  const bleep = raw.prepare(
    "insert into bleeps (id, number, received, stage, class, kind, doc) values (?, ?, ?, 'routed', 'routine', 'call', ?)",
  )
  const alert = raw.prepare(
    "insert into alerts (id, bleep, version, phase, class, raised, doc) values (?, ?, 1, 'closed', 'routine', ?, ?)",
  )
  const two = raw.prepare(
    "insert into alert_events (alert, seq, at, kind, doc) values (?1, 1, ?2, 'raised', ?3), (?1, 2, ?2, 'answered', ?4)",
  )
  const holds = new Map<number, StatementSync>()
  const hold = (n: number): StatementSync => {
    const made = holds.get(n) ?? raw.prepare(`insert into held values ${Array(n).fill('(?, ?)').join(', ')}`)
    holds.set(n, made)
    return made
  }
  const known = new Map<string, number>()
  const numberOf = (term: string): number => {
    const id = known.get(term) ?? termOf(term)
    known.set(term, id)
    return id
  }
  const patient = Math.floor(COUNT / 12)
  const docs = documents('@bleep', '@alert', '@person', '@text', AT).map((doc) =>
    doc.split(/(@bleep|@alert|@person|@text|7777777777777)/),
  )
  const { page } = aBleep('x')
  for (let i = 0; i < COUNT; i++) {
    const at = Math.floor(START + (i * (END - START)) / COUNT) + 0.25
    const nhs = random(3) === 0 ? ` ${1_000_000_000 + random(8_999_999_999)}` : ''
    const text =
      i % patient === 7
        ? 'MR ZEBEDEEJONES 943 476 5919 WARD 7B'
        : `MR ${NAMES[random(NAMES.length)]}${nhs} WARD ${1 + random(40)}${letters(1)} RING ${4000 + random(1000)}`
    const person = random(2000) === 0 ? 'p017' : `q${random(3000)}`
    const number = String(i).padStart(9, '0')
    const [id, of] = [`b${number}`, `a${number}`]
    const as: Readonly<Record<string, string>> = {
      ...{ '@bleep': id, '@alert': of, '@person': person, '@text': text, [String(AT)]: String(at) },
    }
    const [b = '', a = '', raised = '', answered = ''] = docs.map((parts) =>
      parts.map((part) => as[part] ?? part).join(''),
    )
    bleep.run(id, String(random(800)), at, b)
    alert.run(of, id, at, a)
    two.run(of, at, raised, answered)
    const whole = { bleep: { ...aBleep(id), page: { ...page, text } }, sightings: [], alert: undefined }
    const { words } = termsOf({ ...whole, events: [] })
    const terms = [...words, `@${person}`].map(numberOf)
    hold(terms.length).run(...terms.flatMap((term) => [term, at]))
  }
  const word = raw.prepare('insert or ignore into search_words values (?, ?)')
  for (const [term, id] of [...known].sort(([, a], [, b]) => a - b)) word.run(id, term)
  raw.exec('insert or ignore into search_index select term, at from held order by term, at; commit')
  for (const { sql } of indexes) raw.exec(String(sql))
  raw.close()
}

/** One bleep with its alert and its two events as they are stored; made once, and filled in for each. */
function documents(
  bleep: string,
  alert: string,
  person: string,
  text: string,
  at: number,
): readonly string[] {
  const page = { ...aBleep('x').page, text, firstByte: at, lastByte: at }
  const who = asId<PersonId>(person)
  const answered = { kind: 'answered', by: { kind: 'person', person: who }, answer: 'accepted', version: 1 }
  return [
    writeDoc(FORMS.bleep, aBleep(bleep, { received: at, stage: 'routed', page })),
    writeDoc(FORMS.alert, anAlert(alert, bleep, { phase: 'closed', raised: at })),
    writeDoc(FORMS.event, { kind: 'raised', at }),
    writeDoc(FORMS.event, { ...answered, at, person: who }),
  ]
}

let stored = 0
/** Stores pages while `beside` works; what each took, milliseconds, sorted. */
async function storing(beside: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = []
  let over = false
  const work = beside().finally(() => {
    over = true
  })
  while (!over) {
    const id = asId<BleepId>(`new${stored++}`)
    const began = performance.now()
    await store.transact((tx) => tx.bleeps.add(aBleep(id, { received: clock.now() })))
    took.push(performance.now() - began)
    await new Promise((next) => setTimeout(next, 10))
  }
  await work
  return took.sort((a, b) => a - b)
}

const parts = { store, clock, random: systemRandom, directory: () => buildDirectory(smallSite()) }
const subjects = createSubjects(parts)
async function timed(name: string, work: () => Promise<string>): Promise<void> {
  const began = performance.now()
  let said = ''
  const took = await storing(async () => {
    said = await work()
  })
  const p99 = took[Math.max(0, Math.ceil(took.length * 0.99) - 1)] ?? 0
  const rss = process.memoryUsage().rss / 1e6
  say(
    `${name.padEnd(28)} ${((performance.now() - began) / 1000).toFixed(1).padStart(7)} s  ${said.padEnd(14)} page stored p99 ${p99.toFixed(1)} ms, max ${(took.at(-1) ?? 0).toFixed(1)} ms; RSS ${rss.toFixed(0)} MB`,
  )
}
const copy = (about: Partial<About>) => async () => {
  const made = await subjects.copy('bench', { from: 0, to: clock.now(), ...about }, 'bench')
  if (!made.ok) return made.fault.code
  let n = 0
  for await (const _ of made.value.bleeps) n += 1
  return `${n} bleeps`
}
await timed('nothing beside', async () => {
  await new Promise((next) => setTimeout(next, 3000))
  return ''
})
await timed('copy by NHS number', copy({ text: '9434765919' }))
await timed('copy by name', copy({ text: 'zebedeejones' }))
await timed('copy by part of a name', copy({ text: 'ebedeejon' }))
await timed('copy by member of staff', copy({ person: asId<PersonId>('p017') }))
const found = await subjects.find('bench', { text: '9434765919', from: 0, to: clock.now() }, 'bench')
const bleeps = found.ok ? found.value.bleeps.map(({ bleep }) => asId<BleepId>(bleep)) : []
const erasures = createErasures(parts)
await timed('erase those of the patient', async () => {
  const plan = await erasures.plan('bench', { bleeps }, 'bench')
  const done = plan.ok ? await erasures.carryOut('bench', plan.value.id) : plan
  return done.ok ? `${done.value.erased} erased` : done.fault.code
})
await timed('found again', copy({ text: '9434765919' }))
await store.close()
removeFolder(folder)
