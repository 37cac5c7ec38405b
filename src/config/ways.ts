import type { ChannelId } from '../core/deliver/channels.ts'
import { PUSH_KINDS } from './push.ts'
import type { Whole } from './whole.ts'

/** Every way to a device that the site sets up; the open line of our own app needs no setting. */
export function waysOf({ push, mqtt, radio }: Pick<Whole['config'], 'push' | 'mqtt' | 'radio'>) {
  return new Set<ChannelId>([
    ...PUSH_KINDS.filter((kind) => push[kind] !== undefined),
    'socket',
    ...(mqtt?.channel ? (['mqtt'] as const) : []),
    ...(radio ? (['radio'] as const) : []),
  ])
}
