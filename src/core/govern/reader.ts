import type { ChannelId } from '../deliver/channels.ts'
import type { DeviceClass } from '../directory/trust.ts'
import type { PersonId, RoleId } from '../ids.ts'
import { type AccessRole, type Reading, reading } from './permit.ts'

/** Who looks: their access decides words and names, their person which part is theirs. */
export interface Reader {
  readonly access: AccessRole
  /** Nobody has touched the console for a while: who reads there now may be anybody. */
  readonly shut?: true
  readonly person?: PersonId
  /** How the calling device is reached; a shared display reads less than a phone. */
  readonly channel?: ChannelId
  /** For which roles their person was asked, and whose the device is: the trust's policy goes by these. */
  readonly roles?: readonly RoleId[]
  readonly devices?: DeviceClass
  /** The terms of use in force are not signed: no words but those of an emergency, which rings and is read all the same. */
  readonly unsigned?: boolean
}

/** How much of a page's words this reader reads. */
export function readingOf({ access, shut }: Pick<Reader, 'access' | 'shut'>): Reading {
  return shut ? 'nothing' : reading(access)
}

/** Whether any of the words are read, masked or not. */
export function readsWords(reader: Pick<Reader, 'access' | 'shut'>): boolean {
  const reads = readingOf(reader)
  return reads === 'all' || reads === 'masked'
}
