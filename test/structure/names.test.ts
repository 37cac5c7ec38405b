import { expect, test } from 'vitest'
import { CHANNEL_IDS } from '../../src/core/deliver/channels.ts'
import { PROTOCOLS } from '../../src/core/line/registry.ts'
import { FILES } from './tree.ts'

/**
 * What a channel or a protocol can do is asked of its row, never of its name: `core/deliver/channels.ts`, and the
 * `traits` of each protocol. So a new one is a row, and no list of others has to learn of it. `text` is too common a word
 * to be looked for.
 */
const NAMES = [...CHANNEL_IDS, ...PROTOCOLS.keys()].filter((name) => name !== 'text').join('|')
const COMPARED = new RegExp(`(?:[!=]==|case) '(?:${NAMES})'`)

/** What looks like such a comparison and is none. */
const OTHER: Readonly<Record<string, string>> = {
  'cli/decode-line.ts': 'its options --from and --address are those of an ESPA line',
  'cli/doctor-feed.ts': 'writes the settings of the line that it found',
  'cli/doctor-report.ts': 'explains the line that it found',
  'core/alert/draft.ts': 'an effect of the alert machine',
  'core/foresee/call.ts': 'the same effect',
  'run/alert/alerts.ts': 'the same effect',
  'web/app/push.js': 'the file of the browser’s own push, which the screens cannot ask a table of core',
}
/** Each protocol is at home in its room, and a channel in its file. */
const HOMES = /^(core\/line|io\/channels|io\/mqtt)\//

test('nobody asks for the name of a channel or a protocol', () => {
  const asked = FILES.filter(({ path }) => !(path in OTHER) && !HOMES.test(path)).flatMap(({ path, lines }) =>
    lines.flatMap((line, i) => (COMPARED.test(line) ? [`src/${path}:${i + 1} ${line.trim()}`] : [])),
  )
  expect(asked).toEqual([])
})

test('each exception still is one', () => {
  const gone = Object.keys(OTHER).filter(
    (path) => !FILES.some((file) => file.path === path && file.lines.some((line) => COMPARED.test(line))),
  )
  expect(gone).toEqual([])
})
