import type { ChannelId } from '../deliver/channels.ts'
import type { PersonId } from '../ids.ts'
import type { AccessRole } from './permit.ts'

/** Who looks: their access decides words and names, their person which part is theirs. */
export interface Reader {
  readonly access: AccessRole
  readonly person?: PersonId
  /** How the calling device is reached; a shared display reads less than a phone. */
  readonly channel?: ChannelId
}
