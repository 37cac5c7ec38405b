import { say } from '../core/catalogue/say.ts'
import { buildDirectory, type SiteDirectory } from '../core/directory/build.ts'
import { clockAt, dayAt, printDay } from '../core/directory/civil.ts'
import { findRotaFlaws } from '../core/directory/cover-check.ts'
import type { Duty } from '../core/directory/directory.ts'
import { isCrash } from '../core/directory/live.ts'
import type { Site } from '../core/directory/site.ts'
import { DAY, type Instant } from '../core/instant.ts'
import type { ConfigFault } from './fault.ts'
import { takersOf } from './site-doubts.ts'

type Where = (entry: object, column: string) => string

/** How far ahead the rota is looked through when files are read; `bleepd site --days` looks further. */
const AHEAD = 7 * DAY

/**
 * What only the rota as a whole shows, for the days to come: a crash role that nobody holds, one person in two mandatory
 * places of a team, a duty given to somebody who is away.
 */
export function rotaDoubts(site: Site, where: Where, now: Instant): readonly ConfigFault[] {
  const directory = buildDirectory(site)
  const when = (at: Instant) => `${printDay(dayAt(at, site.zone))} ${clockAt(at, site.zone)}`
  return [
    ...gaps(directory, where, now, when),
    ...twoPlaces(directory, where, now, when),
    ...givenToAbsent(site, where, now, when),
  ]
}

type When = (at: Instant) => string

function gaps(directory: SiteDirectory, where: Where, now: Instant, when: When): readonly ConfigFault[] {
  const flaws = findRotaFlaws(directory, now, now + AHEAD, isCrash)
  const ofRole = Map.groupBy(
    flaws.filter((flaw) => flaw.reason === 'rota-gap'),
    (flaw) => flaw.role,
  )
  return [...ofRole].flatMap(([id, [first]]) => {
    const role = directory.roles.get(id)
    if (first === undefined || role === undefined) return []
    const short =
      first.holders === 0 ? 'nobody' : say('settings.of', { holders: first.holders, wanted: first.wanted })
    const detail = say('settings.crashRoleFrom', { short, when: when(first.from), when2: when(first.to) })
    return [{ path: where(role, 'crash'), code: 'rota-doubtful' as const, value: id, detail }]
  })
}

function twoPlaces(directory: SiteDirectory, where: Where, now: Instant, when: When): readonly ConfigFault[] {
  const faults: ConfigFault[] = []
  for (const team of directory.teams.values()) {
    const places = team.members.filter((m) => m.need === 'mandatory' && m.hours === undefined)
    const seen: Duty[] = []
    for (const member of places) {
      const own = directory.duties(member.role, now, now + AHEAD)
      const clash = own
        .flatMap((d) =>
          seen.filter((o) => o.person === d.person && o.role !== d.role && meet(o, d)).map((o) => [o, d]),
        )
        .at(0)
      const [other, duty] = clash ?? []
      if (other !== undefined && duty !== undefined)
        faults.push({
          path: where(member, 'role'),
          code: 'rota-doubtful',
          value: duty.person,
          detail: say('settings.onePersonHasBothTeam', {
            role: other.role,
            role2: duty.role,
            id: team.id,
            when: when(Math.max(other.from, duty.from, now)),
          }),
        })
      seen.push(...own)
    }
  }
  return faults
}

function givenToAbsent(site: Site, where: Where, now: Instant, when: When): readonly ConfigFault[] {
  const away = site.changes.flatMap((c) => (c.kind === 'leave' && c.to > now ? [c] : []))
  return site.changes.flatMap((change) =>
    takersOf(change).flatMap(({ column, person, ...span }) => {
      const leave = away.find((l) => l.person === person && meet(l, span))
      if (leave === undefined) return []
      const detail = say('settings.givenSomebodyWhoLeaveFrom', {
        when: when(leave.from),
        when2: when(leave.to),
      })
      return [{ path: where(change, column), code: 'rota-doubtful' as const, value: person, detail }]
    }),
  )
}

interface Span {
  readonly from: Instant
  readonly to: Instant
}

const meet = (a: Span, b: Span) => a.from < b.to && b.from < a.to
