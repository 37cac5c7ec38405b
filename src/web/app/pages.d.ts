import type { AlertView, Card, DirectoryView, MeView, WaysView } from '../shared/types.d.ts'
import type { Stand } from './stand.js'

/** A short reply: words, or the id of a role that is needed. */
export type Writing = { text: string } | { role: string }

export interface AlertPage {
  card: Card
  stand: Stand
  /** Other open bleeps that wait for an answer of this person. */
  others: readonly Card[]
  /** Undefined while the server cannot be reached. */
  thread: AlertView['thread'] | undefined
  /** The words are kept back until the terms of use are signed. */
  unsigned: boolean
  /** What became of the last answer or reply. */
  said: string
  /** When the server last spoke, where it cannot be reached now. */
  asOf: string | undefined
  ringing: boolean
  answer: (answer: string) => void
  /** Roles that may be asked as well; empty while the server cannot be reached. */
  roles: DirectoryView['roles']
  write: (kind: string, what: Writing) => Promise<boolean>
  /** Words that were typed and not sent yet. */
  draft: string
  keepDraft: (text: string) => void
  /** Where the call stands in the patient's record; undefined where nothing is filed, or the server cannot be reached. */
  filing: AlertView['filing']
  reload: () => Promise<void>
  silence: () => void
  /** Whose answer it is, on a shared handset. */
  inName: string | undefined
  redraw: () => void
}

export interface DutyPage {
  me: MeView
  directory: DirectoryView | undefined
  ways: WaysView | undefined
  /** Role being handed over. */
  handing: string
  /** What was typed to find whom to hand over to. */
  looking: string
  /** The question whether to sign out is open. */
  leaving: boolean
  fault: string
  live: boolean
  change: (change: Partial<Pick<DutyPage, 'handing' | 'looking' | 'leaving'>>) => void
  done: (fault: string) => Promise<void>
  signOut: () => Promise<void>
}

/** `off`: this phone cannot do it. */
export type Result = 'unknown' | 'running' | 'yes' | 'no' | 'off'

/** What the self-test has found so far. */
export interface Checked {
  /** The hospital's server answers. */
  network: Result
  /** Notifications may be shown. */
  permission: Result
  /** A ring through the push service came back, and the server took its receipt. */
  push: Result
  /** The same over the open app's own line. */
  lan: Result
  /** A person heard it. */
  sound: Result
  clock: { offset: number; uncertainty: number } | undefined
  fault: string
  last: Tested | undefined
}

export interface Tested {
  at: number
  verdict: 'rings' | 'open-only' | 'fails'
}
