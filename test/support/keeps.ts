import { KEEP_TIMES, KEPT, type Keeps } from '../../src/core/govern/retain.ts'

/** Keep times as they are where a site says nothing. */
export const USUAL_KEEPS = Object.fromEntries(KEPT.map((what) => [what, KEEP_TIMES[what].days])) as Keeps
