import { z } from 'zod'
import { say } from '../catalogue/say.ts'
import type { ChannelId } from './channels.ts'
import { nudgeNumber } from './nudge-number.ts'

/** A telephone number in the international form, for those who know no references of a gateway. */
export const phoneNumber = nudgeNumber.refine(
  (number) => number.startsWith('+'),
  say('settings.isNoTelephoneNumber'),
)

/** What is dialled: the digits of a number in the international form, or of an extension; undefined for anything else. */
export function dialled(address: string): string | undefined {
  return /^\+\d{7,15}$|^\d{2,8}$/.test(address) ? address : undefined
}

/** A telephone number, or an extension of the hospital's own exchange. */
const phoneOrExtension = z.union([
  phoneNumber,
  z
    .string()
    .trim()
    .regex(/^\d{2,8}$/),
])

const NUMBERS: Readonly<Partial<Record<ChannelId, z.ZodType<string>>>> = {
  nudge: nudgeNumber,
  notify: phoneNumber,
  modem: phoneNumber,
  voice: phoneOrExtension,
}

/** A number as typed, as its channel keeps it; undefined where that could not reach anybody by it. */
export function readNumber(channel: ChannelId, typed: string): string | undefined {
  return NUMBERS[channel]?.safeParse(typed).data
}
