import type { AlertView, Card, DailyTestView, SiteView, WaitingBleep } from '../shared/types.d.ts'
import type { Acts } from './acts.js'
import type { Context } from './context.js'

export type AlertPage = Context & { view: AlertView; acts: Acts | undefined }
export type DevicesPage = Context & { acts: Acts }

/** One thing that the switchboard has to do, in plain words. */
export interface Task {
  /** The same while it is the same thing at the same level: silence and keyboard hold on to it. */
  key: string
  /** Now, look, or before long. */
  level: 'act' | 'prompt' | 'soon'
  sort: 'alert' | 'review' | 'unfit' | 'role' | 'test' | 'gap' | 'offer' | 'line'
  /** What it sounds like; absent: only to be seen. */
  sounds: 'emergency' | 'urgent' | 'routine' | undefined
  class: Card['class'] | undefined
  since: string
  title: string
  where: string
  /** What has to be done, a sentence each. */
  lines: readonly string[]
  /** Where there is more of it. */
  href: string | undefined
  card?: Card
  bleep?: WaitingBleep
  role?: SiteView['unclaimed'][number]
  test?: DailyTestView
}
