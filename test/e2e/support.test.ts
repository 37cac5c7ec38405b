import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { pageBySnpp } from '../../hardware/packaging/snpp-page.ts'
import { ownPort } from '../support/ports.ts'
import { runProgram } from '../support/program.ts'
import { runDaemon, statusOf } from '../support/real-daemon.ts'
import { siteFolder } from '../support/site-folder.ts'

/*
 * The support bundle of a daemon that has rung for a patient, with a row in every table of its database that says whose table
 * and column it is of: none of that, and nothing of the site's people, numbers and words, may be in the bundle.
 */
test('a support bundle holds nothing of any table, and nobody’s name, number or words', async () => {
  const site = siteFolder()
  const closers: (() => unknown)[] = []
  onTestFinished(async () => {
    for (const close of closers) await close()
    site.remove()
  })
  const [port, line] = [await ownPort(), await ownPort()]
  writeFileSync(
    site.config,
    `version: 1\nsite: { id: small, folder: site }\nstore: { kind: sqlite, path: bleeps.sqlite }\nhttp: { port: ${port} }\nfeeds: [{ id: air, profile: snpp, port: { kind: tcp-listen, port: ${line} } }]\n`,
  )
  const { log } = runDaemon(site.config, closers)
  await expect.poll(() => statusOf(`http://127.0.0.1:${port}/healthz`), { message: log() }).toBe(200)
  await expect.poll(() => pageBySnpp(line, '2222', 'JOHN SMITH 943 476 5919 BED 4')).toBe('250')

  const tables = markEveryTable(join(site.config, '../bleeps.sqlite'))
  expect(tables).toEqual(expect.arrayContaining(['listed', 'filings', 'own_keys', 'subject_bleeps']))
  const bundle = join(site.config, '../support.json')
  const made = await runProgram(process.execPath, [
    'src/bleepd.js',
    'support',
    bundle,
    '--config',
    site.config,
  ])
  expect(made.code, made.output).toBe(0)
  const told = readFileSync(bundle, 'utf8')
  expect(JSON.parse(told)).toMatchObject({ site: { people: 4 }, daemon: expect.any(String) })
  expect(JSON.parse(told).metrics.length).toBeGreaterThan(50)
  expect(told).not.toMatch(/marked-[a-z_]+/)
  // A number stands behind its quote: figures may have the same digits.
  const words = ['SMITH', '943 476 5919', 'BED 4', 'Archer', 'Ann', '07700 900001', 'Registrar', 'Small']
  for (const own of [...words, '"2222', '"1113', site.folder])
    expect(told, `${own} is in the bundle`).not.toContain(own)
})

/** Puts a row into each table, with its own name in each column that holds text; gives the names of the tables. */
function markEveryTable(path: string): readonly string[] {
  const db = new DatabaseSync(path)
  try {
    db.exec('pragma busy_timeout = 20000; pragma foreign_keys = off; pragma ignore_check_constraints = on')
    const names = db
      .prepare(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'",
      )
      .all()
      .map(({ name }) => String(name))
    for (const name of names) {
      const columns = db.prepare('select name, type from pragma_table_info(?)').all(name)
      const values = columns.map((column) =>
        /int|real|num/i.test(String(column.type)) ? -7 : `marked-${name}-${String(column.name)}`,
      )
      db.prepare(`insert into "${name}" values (${values.map(() => '?').join(', ')})`).run(...values)
    }
    return names
  } finally {
    db.close()
  }
}
