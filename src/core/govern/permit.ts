/**
 * Who may do what. `holder` is whoever answers on an enrolled device, `ward` a ward's own screen, which asks and is told;
 * the other roles sit at the console.
 * Estates look after lines and batteries and never read a page; governance reads the record, and copies, holds and
 * erases one person's data with a reason on the record, which nobody else may. A `wall` is a screen that anybody may walk
 * past: it shows where an emergency is and which roles come, `wall-names` also who they are, and can do nothing at all.
 */
export type AccessRole = 'holder' | 'ward' | 'switchboard' | 'estates' | 'governance' | 'admin' | WallRole

/** A screen on a wall, with a sign-in of its own. */
export type WallRole = 'wall' | 'wall-names'

/** Whoever signs in at the console. */
export type OperatorRole = Exclude<AccessRole, 'holder' | 'ward'>

export const ACTIONS = [
  'board.read',
  'alert.read',
  'alert.answer',
  'alert.manage',
  'thread.write',
  'inbox.read',
  'device.self',
  'device.enrol',
  'device.list',
  'handover.offer',
  'handover.force',
  'duty.set',
  'ask.make',
  'ask.read',
  'rota.read',
  'rota.edit',
  'tests.read',
  'tests.call',
  'feeds.read',
  'reports.read',
  'audit.read',
  'subject.read',
  'subject.erase',
  'patient.set',
  'filing.read',
  'filing.decide',
  'account.first',
] as const
export type Action = (typeof ACTIONS)[number]

/** Holder: only alerts they are asked on, only their own roles and device; the desk checks that, this table the kind of act. */
const ALLOWED: Readonly<Record<AccessRole, readonly Action[]>> = {
  holder: [
    'alert.read',
    'alert.answer',
    'thread.write',
    'inbox.read',
    'device.self',
    'handover.offer',
    'duty.set',
    'ask.make',
    'ask.read',
    'patient.set',
  ],
  ward: ['ask.make', 'ask.read', 'device.self'],
  switchboard: [
    'ask.read',
    'board.read',
    'alert.read',
    'alert.answer',
    'alert.manage',
    'thread.write',
    'device.enrol',
    'device.list',
    'handover.offer',
    'handover.force',
    'rota.read',
    'rota.edit',
    'tests.read',
    'tests.call',
    'feeds.read',
    'reports.read',
  ],
  estates: ['board.read', 'device.list', 'tests.read', 'feeds.read'],
  governance: [
    'board.read',
    'alert.read',
    'rota.read',
    'tests.read',
    'feeds.read',
    'reports.read',
    'audit.read',
    'subject.read',
    'subject.erase',
    'patient.set',
    'filing.read',
    'filing.decide',
  ],
  admin: [
    'board.read',
    'alert.read',
    'device.enrol',
    'device.list',
    'handover.force',
    'rota.read',
    'rota.edit',
    'tests.read',
    'feeds.read',
    'reports.read',
    'audit.read',
    'account.first',
  ],
  wall: ['board.read'],
  'wall-names': ['board.read'],
}

export const ACCESS_ROLES = Object.keys(ALLOWED) as AccessRole[]
/** Roles of people. A wall has a key in the configuration and no account. */
export const OPERATOR_ROLES = [
  'switchboard',
  'estates',
  'governance',
  'admin',
] as const satisfies readonly OperatorRole[]
export const WALL_ROLES = ['wall', 'wall-names'] as const satisfies readonly WallRole[]

/** A screen on a wall, which shows and does nothing. */
export function isWall(role: AccessRole): role is WallRole {
  return role === 'wall' || role === 'wall-names'
}

/** Whether a role may do this at all; whether on this call or this person is asked elsewhere. */
export function permits(role: AccessRole, action: Action): boolean {
  return ALLOWED[role].includes(action)
}

/** Everything this role may do: a screen shows what its reader has a use for, and copies no table. */
export function mayOf(role: AccessRole): readonly Action[] {
  return ALLOWED[role]
}

/** How much of a page a role reads: everything, with identifiers masked, where to and no words, or nothing. */
export type Reading = 'all' | 'masked' | 'place' | 'nothing'

const READS: Readonly<Record<AccessRole, Reading>> = {
  holder: 'all',
  ward: 'masked',
  switchboard: 'all',
  estates: 'nothing',
  governance: 'masked',
  admin: 'nothing',
  wall: 'place',
  'wall-names': 'place',
}

/** How much of a page's words this role reads where nothing hides them. */
export function reading(role: AccessRole): Reading {
  return READS[role]
}

const NAMES: ReadonlySet<AccessRole> = new Set(['holder', 'ward', 'switchboard', 'admin', 'wall-names'])

/** Names of people are for those who ring them up; reports and line care do without. */
export function namesPeople(role: AccessRole): boolean {
  return NAMES.has(role)
}
