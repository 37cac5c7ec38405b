import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HOUR } from '../../../src/core/instant.ts'
import { shiftLogKeeper } from '../../../src/io/report/shift-log.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { removeFolder } from '../../support/folders.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let bed: Bed
let clock: VirtualClock
beforeEach(async () => {
  clock = new VirtualClock()
  bed = await openBed({ clock })
})
afterEach(() => bed.close())

const headers = { authorization: `Bearer ${KEYS.switchboard}` }
const ARREST = { kind: 'adult-arrest', class: 'emergency', roles: ['med-reg'] } as const
const find = async (query: string, as: Record<string, string> = headers) => {
  const answer = await bed.http.app.inject({ url: `/api/v1/alerts?${query}`, headers: as })
  return answer.json()
}
const places = async (query: string) =>
  (await find(query)).alerts.map(({ place }: { place: string }) => place)

test('a call closed hours ago is found by ward, number, kind, role, any word and time, the newest first', async () => {
  const old = await bed.call({
    ...ARREST,
    text: 'ADULT CARDIAC ARREST WARD 7B BED 3',
    place: 'Ward 7B, bed 3',
  })
  await bed.alerts.apply(old.id, {
    ...{ kind: 'finished', at: clock.now(), version: old.version },
    by: { kind: 'switchboard', operator: 'jane' },
  })
  clock.advance(5 * HOUR)
  await bed.call({
    ...ARREST,
    text: 'TRAUMA RESUS 2',
    kind: 'trauma',
    place: 'Resus 2',
    roles: ['anaes-reg'],
  })
  expect(await places('q=7b')).toEqual(['Ward 7B, bed 3'])
  expect(await places('q=bed%203%20arrest')).toEqual(['Ward 7B, bed 3'])
  expect(await places('place=resus')).toEqual(['Resus 2'])
  expect(await places('kind=trauma')).toEqual(['Resus 2'])
  expect(await places('role=anaesthetic')).toEqual(['Resus 2'])
  expect(await places(`from=${new Date(clock.now() - 6 * HOUR).toISOString()}`)).toEqual([
    'Resus 2',
    'Ward 7B, bed 3',
  ])
  expect(await places(`to=${new Date(clock.now() - HOUR).toISOString()}`)).toEqual(['Ward 7B, bed 3'])
  expect(await places('q=nowhere')).toEqual([])
  expect((await find('q=7b')).alerts[0].closed).toMatchObject({
    by: 'jane',
    sentence: 'The call is finished',
  })
})

test('a search goes on where its page ended, and gives each call once', async () => {
  for (let i = 0; i < 620; i++) {
    await bed.call({ ...ARREST, text: `ARREST WARD ${i}`, place: `Ward ${i}`, roles: [] })
    clock.advance(1000)
  }
  const first = await find('q=arrest')
  const second = await find(`q=arrest&cursor=${first.cursor}`)
  const all = [...first.alerts, ...second.alerts].map(({ place }) => place)
  expect(all).toHaveLength(620)
  expect(new Set(all).size).toBe(620)
  expect(all[0]).toBe('Ward 619')
  expect(second.cursor).toBeUndefined()
})

test('who reads no words finds none by them, and a phone may not look', async () => {
  await bed.call({ ...ARREST, text: 'ARREST WARD 7B MRS SMITH', place: 'Ward 7B' })
  const estates = { authorization: `Bearer ${KEYS.estates}` }
  expect((await find('q=smith', estates)).alerts).toEqual([])
  const { token } = await bed.enrol({ person: bed.holder('med-reg') })
  expect(await find('q=smith', { authorization: `Bearer ${token}` })).toMatchObject({ status: 403 })
})

test('the shift log is one page that needs nothing else: open calls first, with who comes and how it ended', async () => {
  const shut = await bed.call({ ...ARREST, text: 'ARREST <WARD> 9', place: 'Ward 9' })
  await bed.alerts.apply(shut.id, {
    ...{ kind: 'cancelled', at: clock.now(), reason: 'false-alarm', version: shut.version },
    by: { kind: 'switchboard', operator: 'jane' },
  })
  clock.advance(1000)
  await bed.call({ ...ARREST, text: 'ARREST WARD 4', place: 'Ward 4' })
  const { body, headers: sent } = await bed.http.app.inject({ url: '/api/v1/shift-log', headers })
  expect(sent['content-type']).toBe('text/html; charset=utf-8')
  expect(body).toContain('ARREST &lt;WARD&gt; 9')
  expect(body).toContain('Stood down: false alarm, jane')
  expect(body.indexOf('Ward 4')).toBeLessThan(body.indexOf('Ward 9'))
  expect(body).not.toMatch(/<script|src=|href=/)
})

test('the sheet has every call of a busy day, and one that is open from before it', async () => {
  await bed.call({ ...ARREST, text: 'ARREST WARD 1', place: 'Ward 1' })
  clock.advance(25 * HOUR)
  const day = 520
  for (let i = 0; i < day; i++) {
    const { id, version } = await bed.call({ ...ARREST, text: `ARREST BAY ${i}`, place: `Bay ${i}` })
    await bed.alerts.apply(id, {
      ...{ kind: 'cancelled', at: clock.now(), reason: 'false-alarm', version },
      by: { kind: 'switchboard', operator: 'jane' },
    })
    clock.advance(1000)
  }
  const { body } = await bed.http.app.inject({ url: '/api/v1/shift-log', headers })
  expect(body.match(/<tr/g)).toHaveLength(1 + day + 1)
  expect(body.indexOf('Ward 1<')).toBeGreaterThan(0)
  expect(body.indexOf('Ward 1<')).toBeLessThan(body.indexOf('Bay 519'))
  expect(body).not.toContain('Only the latest')
})

test('the sheet is written to both places; one that cannot be written does not keep it from the other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shift-log-'))
  const file = join(folder, 'in-the-way')
  await writeFile(file, '')
  const failed = await shiftLogKeeper([join(file, 'below'), join(folder, 'second')])('<p>sheet</p>')
  expect([...failed.keys()]).toEqual([1])
  expect(await readFile(join(folder, 'second/switchboard-shift-log.html'), 'utf8')).toBe('<p>sheet</p>')
  removeFolder(folder)
})
