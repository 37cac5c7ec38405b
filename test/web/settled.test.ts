import { describe, expect, test } from 'vitest'
import { roles } from '../../src/web/console/ready.js'
import { ringsMark } from '../../src/web/console/rings.js'
import { standsBeside } from '../../src/web/console/standing.js'
import { tasksPanel } from '../../src/web/console/tasks.js'
import type { SiteView } from '../../src/web/shared/types.d.ts'
import { markupOf } from '../support/markup.ts'

// What looks settled on the board, and what may not.

const panel = (over: {
  site?: { radio: boolean } | undefined
  calling?: number
  untold?: number
  isMoreToDo?: boolean
}) =>
  markupOf(
    tasksPanel([], {
      ...{ acts: undefined, directory: undefined, quietFor: () => 0, silence: () => undefined },
      ...{ site: { radio: true }, calling: 0, untold: 0, isMoreToDo: false, ...over },
    }),
  )

test('nothing to do has a tick only while nobody is still being called, and the site has told of itself', () => {
  expect(panel({})).toContain('✓</span> Nothing needs you now.')
  const six = panel({ calling: 6 })
  expect(six).toContain('People are being called for 6 calls. There is nothing for you to do yet.')
  expect(six).not.toMatch(/✓|Nothing needs you/)
  expect(panel({ calling: 1 })).toContain('for 1 call. ')
  const two = panel({ untold: 2, calling: 6 })
  expect(two).toContain('2 answers have not reached the ward. Ring and tell whoever asked.')
  expect(two).not.toMatch(/✓|nothing for you/i)
  expect(panel({ isMoreToDo: true })).not.toMatch(/✓|Nothing needs you|nothing for you/i)
  expect(panel({ site: undefined })).not.toMatch(/✓|Nothing needs you/)
})

const AT = '2026-11-22T03:00:00.000Z'
const reason = (code: string, subject: string, detail?: string): SiteView['reasons'][number] => ({
  ...{ code, subject, sentence: code, remedy: '', since: AT },
  ...(detail === undefined ? {} : { detail }),
})
const ill = (code: string, subject: string): SiteView['ill'][number] => ({
  ...{ node: 'n', sort: 'node', subject, label: subject, state: 'degraded', since: AT },
  ...{ why: { code, sentence: code, remedy: '' }, month: '2026-11', failedMinutes: 0 },
})

test('a reason that no watched thing shows stands beside them, and nothing is told twice', () => {
  const refused = reason('reload-refused', 'files')
  expect(standsBeside([refused], [])).toEqual([refused])
  expect(standsBeside([reason('commit-slow', 'commit'), refused], [ill('commit-slow', 'commit')])).toEqual([
    refused,
  ])
  const other = reason('loop-late', 'loop')
  expect(standsBeside([other], [ill('commit-slow', 'commit')])).toEqual([other])
})

test('a site that marks no crash role is told so in a sentence, one that leaves them to pagers names those', () => {
  const none = markupOf(roles({ roles: [], pagers: [] }))
  expect(none).toContain('No role is marked as a crash role')
  expect(none).not.toContain('<table>')
  const pager = { role: 'reg', name: 'Registrar', why: 'listening-only', sentence: 'Listens only' } as const
  const left = markupOf(roles({ roles: [], pagers: [pager] }))
  expect(left).toContain('Registrar')
  expect(left).not.toMatch(/<table>|No role is marked/)
  const held = { role: 'reg', name: 'Registrar', next: false, ways: [], state: 'none' as const }
  expect(markupOf(roles({ roles: [held], pagers: [] }))).toContain('<table>')
})

describe('who carries a crash role', () => {
  const push = { channel: 'webpush', app: 'closed' as const }
  const open = { channel: 'socket', app: 'open' as const, at: AT }
  const mark = (rings: Parameters<typeof ringsMark>[0]) => markupOf(ringsMark(rings)).replace(/<[^>]*>/g, '')

  test('is told with the app closed and open, and with what a person heard', () => {
    const sound = { at: AT, heard: true }
    const ways = [
      { ...push, at: AT, sound },
      { ...open, sound },
    ]
    const told = mark({ state: 'proved', at: AT, closed: 'proved', ways })
    expect(told).toMatch(/phone rang .*, heard /)
    expect(told).toMatch(/Web Push, app closed: .*heard .*hospital network, app open: .*heard /)
    const untried = mark({ state: 'proved', at: AT, closed: 'proved', ways: [{ ...push, at: AT }, open] })
    expect(untried).toContain('sound not tried')
    const deaf = { at: AT, heard: false }
    expect(mark({ state: 'none', ways: [{ ...open, sound: deaf }] })).toMatch(/! no phone shown.*not heard /)
  })

  test('is no quiet line while the phone rings only with its app open', () => {
    expect(mark({ state: 'proved', at: AT, closed: 'none', ways: [push, open] })).toContain(
      '! rings only with the app open',
    )
    expect(mark({ state: 'proved', at: AT, ways: [open] })).not.toContain('only with')
  })
})
