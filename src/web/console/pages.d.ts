import type { AlertView, Card, DailyTestView, SiteView, WaitingBleep } from '../shared/types.d.ts'
import type { Acts } from './acts.js'
import type { Context } from './context.js'

/** Reads one thing and hands it over, unless the answer to a later question was there first. */
export type Read = <T>(what: string, path: string, take: (view: T) => void) => Promise<void>

/** What the board shows: held still together while the pointer is about to press. */
export interface Shown {
  readonly tasks: readonly Task[]
  readonly cards: readonly Card[]
  readonly closed: readonly Card[]
  /** Emergencies of the last seconds that nobody has touched, the newest first. */
  readonly fresh: readonly Card[]
  /** Something is to be done now, whatever the lists that stand still show. */
  readonly isMoreToDo: boolean
}

/** What the view of every page is given. */
export interface PageContext extends Context {
  readonly acts: Acts
  /** The same where this operator acts on calls; absent: they only look. */
  readonly acting: Acts | undefined
  readonly shown: () => Shown
  /** Milliseconds that a task's alarm is still silenced. */
  readonly quietFor: (task: Task) => number
  readonly silence: (tasks: readonly Task[]) => void
}

export interface AlertPage extends PageContext {
  readonly view: AlertView
}

/** One thing that the switchboard has to do, in plain words. */
export interface Task {
  /** The same while it is the same thing at the same level: silence and keyboard hold on to it. */
  key: string
  /** The same as long as it is about the same thing: its place on the screen and the keyboard hold on to it. */
  row?: string
  /** Now, look, or before long. */
  level: 'act' | 'prompt' | 'soon'
  sort: 'alert' | 'review' | 'unfit' | 'role' | 'test' | 'gap' | 'offer' | 'line'
  /** What it sounds like; absent: only to be seen. */
  sounds: 'emergency' | 'urgent' | 'routine' | undefined
  class: Card['class'] | undefined
  since: string
  /** Where it stands: compared as text. */
  order: string
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
