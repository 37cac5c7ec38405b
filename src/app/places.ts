import { resolve } from 'node:path'
import type { Whole } from '../config/whole.ts'
import { say } from '../core/catalogue/say.ts'
import { type ChannelId, traitsOf } from '../core/deliver/channels.ts'
import { WAY_SAYS } from '../core/deliver/way-words.ts'
import type { DataPlaces } from '../core/desk/policy-view.ts'
import { KEEP_TIMES } from '../core/govern/retain.ts'

/** Where this site's data lies, what leaves the hospital and how long it is kept, as its configuration has it. */
export function dataPlaces({ config }: Whole, channels: Iterable<ChannelId>): DataPlaces {
  const { store, backup, capture, shiftLog, audit, folder, retention, privacy } = config
  const at = (path: string) => resolve(folder, path)
  const file = store.kind === 'sqlite' ? say('policy.databaseHere', { where: at(store.path) }) : undefined
  const places: readonly (readonly [string, string | undefined])[] = [
    [say('policy.copies'), backup?.folder],
    [say('policy.captures'), capture?.folder],
    [say('policy.anchors'), audit?.anchors],
    [say('policy.sheets'), shiftLog?.folder],
    [say('policy.sheets'), shiftLog?.second],
  ]
  return {
    data: [
      { what: say('policy.database'), where: file ?? say('policy.databaseSite') },
      ...places.flatMap(([what, path]) => (path === undefined ? [] : [{ what, where: at(path) }])),
    ],
    leaves: [...channels].flatMap((way) => {
      if (traitsOf(way).by !== 'provider') return []
      return [
        say(privacy.push === 'place' ? 'policy.leavesPlace' : 'policy.leavesOpaque', { way: WAY_SAYS[way] }),
      ]
    }),
    kept: Object.entries(KEEP_TIMES).map(([sort, { holds }]) => ({
      ...{ what: holds, days: retention[sort as keyof typeof KEEP_TIMES] },
    })),
  }
}
