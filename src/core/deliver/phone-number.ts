import { nudgeNumber } from './nudge-number.ts'

/** A telephone number in the international form, for those who know no references of a gateway. */
export const phoneNumber = nudgeNumber.refine((number) => number.startsWith('+'), 'is no telephone number')
