import { parseDay } from '../../src/core/directory/civil.ts'
import type { Person, PlanNumber, Role } from '../../src/core/directory/directory.ts'
import type { RotaLine, Site } from '../../src/core/directory/site.ts'
import type { PersonId, RoleId, TeamId } from '../../src/core/ids.ts'
import { asId } from '../../src/core/ids.ts'

export const person = (id: string): PersonId => asId<PersonId>(id)
export const role = (id: string): RoleId => asId<RoleId>(id)

export function aPerson(id: string, more: Partial<Person> = {}): Person {
  return { id: person(id), name: `Person ${id}`, staffGroup: 'doctor', active: true, ...more }
}

export function aRole(id: string, more: Partial<Role> = {}): Role {
  return {
    id: role(id),
    name: id,
    site: 'here',
    staffGroup: 'doctor',
    crash: false,
    substitutes: [],
    ...more,
  }
}

export function aLine(of: string, who: string, shift: string, more: Partial<RotaLine> = {}): RotaLine {
  return {
    role: role(of),
    person: person(who),
    shift,
    days: [1, 2, 3, 4, 5, 6, 7],
    source: `${of} ${who} ${shift}`,
    ...more,
  }
}

export const NUMBERS: readonly PlanNumber[] = [
  number('1113', 1_000_000, {}),
  number('2201', 1_000_008, { kind: 'adult-arrest', class: 'emergency' }),
  number('2207', 1_000_016, { kind: 'trauma', class: 'emergency' }),
  number('2210', 1_000_024, { kind: 'met', class: 'urgent' }),
  number('2212', 1_000_032, { kind: 'fire', class: 'emergency' }),
  number('2299', 1_000_040, { kind: 'test', class: 'test' }),
  number('0050', 1_000_064, { kind: 'pharmacy' }),
  number('0028', 1_000_048, { class: 'routine' }),
  number('2220', 1_000_056, { fn: 2, kind: 'fast-bleep', class: 'urgent' }),
]

function number(text: string, ric: number, more: Partial<PlanNumber>): PlanNumber {
  return {
    number: text,
    ric,
    to: { kind: 'team', team: asId<TeamId>('team') },
    site: 'here',
    description: '',
    ...more,
  }
}

/** A trust of two doctors who relieve each other at 8 and 8, changed as a test needs it. */
export function smallSite(more: Partial<Site> = {}): Site {
  return {
    id: 'small',
    name: 'Small',
    zone: 'Europe/London',
    hospitals: new Map([['here', 'Here']]),
    rotaStart: parseDay('2024-01-01') ?? 0,
    people: ['ada', 'ben', 'cat', 'dov'].map((id) => aPerson(id)),
    roles: [aRole('reg', { crash: true })],
    teams: [],
    numbers: NUMBERS,
    shifts: [
      { id: 'day', name: 'Day', from: '08:00', to: '20:00' },
      { id: 'night', name: 'Night', from: '20:00', to: '08:00' },
    ],
    rota: [aLine('reg', 'ada', 'day'), aLine('reg', 'ben', 'night')],
    duties: [],
    changes: [],
    extensions: new Map([
      ['70123', 'Ward 7'],
      ['70124', 'Ward 7'],
      ['70500', 'Ward 5'],
    ]),
    ...more,
  }
}
