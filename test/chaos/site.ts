import { appendFileSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const DEMO = fileURLToPath(new URL('../../config/sites/demo', import.meta.url))

/** One person, one number: whatever is sent to it must be on this person's phone. */
export const WATCHED = { person: 'p121', number: '9000', ric: 1_400_000 } as const

/** The demonstration hospital, with one number more. */
export function makeSite(folder: string): string {
  const site = join(folder, 'site')
  cpSync(DEMO, site, { recursive: true })
  const { number, ric, person } = WATCHED
  appendFileSync(
    join(site, 'numbers.csv'),
    `${number},${ric},,person:${person},brackenfell,adult-arrest,emergency,Chaos\n`,
  )
  return site
}
