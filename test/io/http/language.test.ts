import { runInNewContext } from 'node:vm'
import { afterEach, expect, test } from 'vitest'
import { type Bed, openBed } from '../../support/desk-bed.ts'

let bed: Bed
afterEach(() => bed.close())

async function catalogue(config: NonNullable<Parameters<typeof openBed>[0]>['config'] = {}): Promise<string> {
  bed = await openBed({ config })
  return (await bed.http.app.inject('/shared/catalogue.js')).body
}

test('every screen is sent both languages, and speaks the site’s until its reader chooses', async () => {
  const module = await catalogue()
  expect(module).toContain("SITE = 'en-GB'")
  expect(module).toContain('Rwy’n dod')
  expect(module).toContain('No call in this time.')
})

test('a Welsh site speaks Welsh to whoever has not chosen', async () => {
  expect(await catalogue({ language: 'cy' })).toContain("SITE = 'cy'")
})

test('no sentence ends the script that carries it', async () => {
  const module = await catalogue()
  expect(() => runInNewContext(module.replaceAll(/^export /gm, ''))).not.toThrow()
})
