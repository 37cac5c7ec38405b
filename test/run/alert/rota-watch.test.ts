import { describe, expect, test } from 'vitest'
import type { StoredEdit } from '../../../src/core/directory/build.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import type { EditInput } from '../../../src/core/directory/edits.ts'
import type { Site } from '../../../src/core/directory/site.ts'
import { DAY, HOUR, MINUTE, parseInstant, SECOND } from '../../../src/core/instant.ts'
import type { Log } from '../../../src/ports/log.ts'
import type { Metrics } from '../../../src/ports/metrics.ts'
import { startRotaWatch } from '../../../src/run/alert/rota-watch.ts'
import { aLine, aRole, smallSite } from '../../support/small-site.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const MORNING = parseInstant('2026-01-05T08:00:00Z') ?? Number.NaN

function watch(more: Partial<Site> = {}) {
  const site = smallSite(more)
  let looks = 0
  let meets: Error | undefined
  const edits: StoredEdit[] = []
  const clock = new VirtualClock(MORNING)
  const said: string[] = []
  const log: Log = {
    debug: () => undefined,
    info: (event, fields) => said.push(`${event} ${fields?.fault} ${fields?.role}`),
    warn: (event, fields) => said.push(`${event} ${fields?.fault} ${fields?.role}`),
    error: (event, fields) => said.push(`error ${event} ${fields?.fault} ${fields?.subject}`),
  }
  const gauges: number[] = []
  const counted: unknown[] = []
  const metrics: Metrics = {
    count: (...all) => counted.push(all),
    gauge: (name, value, labels) => {
      expect([name, labels]).toEqual(['bleepbridge_obligation', { obligation: 'roles' }])
      gauges.push(value)
    },
    observe: () => undefined,
  }
  let ring: () => void = () => undefined
  const wake = {
    on: (topic: string, run: () => void) => {
      if (topic === 'directory') ring = run
      return () => undefined
    },
    ring: () => undefined,
  }
  const loop = startRotaWatch(
    () => {
      looks += 1
      if (meets) throw meets
      return buildDirectory(site, edits)
    },
    { clock, wake, log, metrics },
  )
  return {
    loop,
    clock,
    said,
    gauges,
    counted,
    ring: () => ring(),
    looks: () => looks,
    meets: (error: Error | undefined) => {
      meets = error
    },
    troubles: () => loop.troubles().map((t) => [t.code, t.subject, t.detail ?? []].flat().join(' ')),
    async edit(edit: EditInput) {
      edits.push({ id: `e${edits.length}`, at: clock.now(), by: 'desk', edit })
      ring()
      await clock.elapse(SECOND)
    },
  }
}

describe('watching the rota', () => {
  test('says nothing while every crash role is held', async () => {
    const { clock, troubles, said, gauges } = watch()
    await clock.elapse(2 * DAY)
    expect(troubles()).toEqual([])
    expect(said).toEqual([])
    expect(new Set(gauges)).toEqual(new Set([1]))
  })

  test('tells a gap two days ahead, then that nobody holds the role, then that somebody does', async () => {
    const rota = [aLine('reg', 'ada', 'day'), aLine('reg', 'ben', 'night', { days: [1, 2, 4, 5, 6, 7] })]
    const { clock, troubles, said, gauges, counted } = watch({ rota })
    await clock.elapse(MINUTE)
    expect(troubles()).toEqual([])
    // The night of Wednesday is empty: known from Monday at 20:00 on.
    await clock.elapse(12 * HOUR)
    expect(troubles()).toEqual([expect.stringMatching(/^rota-gap-ahead reg from 2026-01-\d\dT/)])
    await clock.elapse(2 * DAY)
    expect(troubles()).toEqual(['crash-role-unheld reg'])
    expect(gauges.at(-1)).toBe(0)
    await clock.elapse(12 * HOUR)
    expect(troubles()).toEqual([])
    expect(gauges.at(-1)).toBe(1)
    expect(said).toEqual([
      'rota-trouble rota-gap-ahead reg',
      'rota-trouble crash-role-unheld reg',
      'rota-trouble-over rota-gap-ahead reg',
      'rota-trouble-over crash-role-unheld reg',
    ])
    expect(counted).toEqual(
      ['rota-gap-ahead', 'crash-role-unheld'].map((fault) => ['bleepbridge_faults_total', { fault }]),
    )
  })

  test('tells double cover before the shift, with its beginning, until the rota is mended', async () => {
    const { clock, edit, troubles, gauges } = watch()
    await clock.elapse(SECOND)
    const evening = MORNING + DAY + 8 * HOUR
    await edit({
      kind: 'override',
      role: 'reg',
      person: 'cat',
      from: evening,
      to: evening + HOUR,
      mode: 'also',
    })
    expect(troubles()).toEqual(['rota-double-ahead reg from 2026-01-06T16:00:00.000Z'])
    // Somebody does hold it: no reason to alarm.
    expect(gauges.at(-1)).toBe(1)
    await edit({ kind: 'revoke', edit: 'e0' })
    expect(troubles()).toEqual([])
  })

  test('looks within a second when the directory changes', async () => {
    const { clock, edit, troubles } = watch()
    await clock.elapse(SECOND)
    await edit({ kind: 'leave', person: 'ada', from: MORNING, to: MORNING + HOUR })
    expect(troubles()).toEqual(['crash-role-unheld reg'])
    await edit({ kind: 'force', role: 'reg', person: 'cat', until: MORNING + HOUR, operator: 'desk' })
    expect(troubles()).toEqual([])
  })

  test('tells a baton that nobody has taken', async () => {
    const { clock, edit, troubles } = watch({ roles: [aRole('reg', { crash: true, mustClaim: true })] })
    await clock.elapse(14 * MINUTE)
    expect(troubles()).toEqual([])
    await clock.elapse(2 * MINUTE)
    expect(troubles()).toEqual(['crash-role-unclaimed reg'])
    await edit({ kind: 'take', role: 'reg', person: 'ada', until: MORNING + 12 * HOUR, free: true })
    expect(troubles()).toEqual([])
  })

  test('leaves other roles to the rota page', async () => {
    const { clock, troubles } = watch({ roles: [aRole('reg')], rota: [] })
    await clock.elapse(MINUTE)
    expect(troubles()).toEqual([])
  })

  test('looks twice a minute, and once for changes that follow each other within a second', async () => {
    const { clock, looks, ring } = watch()
    await clock.elapse(30 * SECOND - 1)
    expect(looks()).toBe(1)
    await clock.elapse(1)
    expect(looks()).toBe(2)
    for (let i = 0; i < 5; i++) ring()
    await clock.elapse(SECOND - 1)
    expect(looks()).toBe(2)
    await clock.elapse(1)
    expect(looks()).toBe(3)
  })

  test('tells a defect of its own by its name, and what stood goes on standing', async () => {
    const { clock, said, meets, troubles } = watch({ rota: [] })
    await clock.elapse(SECOND)
    const before = troubles()
    said.length = 0
    meets(new TypeError('planted'))
    await clock.elapse(MINUTE)
    expect(said[0]).toBe('error defect task-failed rota')
    expect(troubles()).toEqual(before)
  })

  test('tells of each role by itself what it has, and of each sort the first to come', async () => {
    const roles = ['reg', 'sho', 'met', 'ccu', 'gas'].map((id) => aRole(id, { crash: true }))
    const { clock, troubles } = watch({
      roles,
      rota: [
        ...['reg', 'sho'].map((id) => aLine(id, 'ada', 'day')),
        // From Monday at eight: the first two nights are empty, and of the other role the second.
        aLine('reg', 'ben', 'night', { days: [3, 4, 5, 6, 7] }),
        aLine('sho', 'ben', 'night', { days: [1, 3, 4, 5, 6, 7] }),
        ...['cat', 'dov'].map((who) => aLine('met', who, 'day', { days: [2] })),
        ...['cat', 'dov'].map((who) => aLine('ccu', who, 'day', { days: [2] })),
      ],
    })
    await clock.elapse(SECOND)
    expect(troubles()).toEqual([
      'crash-role-unheld met',
      'crash-role-unheld ccu',
      'crash-role-unheld gas',
      'rota-gap-ahead reg from 2026-01-05T20:00:00.000Z',
      'rota-gap-ahead sho from 2026-01-06T20:00:00.000Z',
      'rota-double-ahead met from 2026-01-06T08:00:00.000Z',
      'rota-double-ahead ccu from 2026-01-06T08:00:00.000Z',
    ])
  })

  test('tells nobody ahead of time of a gap in a role that nobody has now', async () => {
    const { clock, troubles } = watch({ rota: [] })
    await clock.elapse(SECOND)
    expect(troubles()).toEqual(['crash-role-unheld reg'])
  })
})
