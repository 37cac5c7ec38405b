/**
 * The words that the whole house shares, each list once: every enum, schema, label and style map is made from these, so
 * that a new word does not compile until each place that tells them apart has been given an answer for it.
 */

/** How urgent a bleep is, the most urgent first. */
export const CLASSES = ['emergency', 'urgent', 'routine', 'test'] as const
export type Class = (typeof CLASSES)[number]

/** Higher is more urgent: 3 for an emergency, 0 for a test. */
export function classRank(c: Class): number {
  return CLASSES.length - 1 - CLASSES.indexOf(c)
}

/** Kinds that are given where no rule or number of the site names one; the rest are ids of the site's own. */
export const OWN_KINDS = ['test', 'stand-down', 'tone', 'call-back', 'text-request', 'emergency'] as const
/** `unclassified`: a defect kept us from reading it. */
export type OwnKind = (typeof OWN_KINDS)[number] | 'unclassified'

/**
 * How far a page can be trusted. `clean`: nothing corrected. `corrected`: every codeword repaired. `doubtful`: all of it
 * is there, but words or address rest on inference. `damaged`: some characters unknown, each shown as U+FFFD in its
 * place. `unterminated`: its end was not seen.
 */
export const QUALITIES = ['clean', 'corrected', 'doubtful', 'damaged', 'unterminated'] as const
export type Quality = (typeof QUALITIES)[number]

/** What of a page rests on inference: on its sense, on another copy, or on the list of addresses. */
export const DOUBTS = ['words', 'address', 'address and words'] as const
export type Doubt = (typeof DOUBTS)[number]

/** `ringing` people are asked · `exhausted` the plan has run out · `covered` the roles needed are coming · `closed`. */
export const PHASES = ['ringing', 'exhausted', 'covered', 'closed'] as const
export type Phase = (typeof PHASES)[number]
export type OpenPhase = Exclude<Phase, 'closed'>
export const OPEN_PHASES: readonly OpenPhase[] = PHASES.filter((p) => p !== 'closed')

/** What a device reports of a bleep, in order. */
export const RECEIPT_STAGES = ['on-device', 'presented', 'opened'] as const
export type ReceiptStage = (typeof RECEIPT_STAGES)[number]

/** How a device learnt what it reports: a push rang it, its open line brought it, or it looked by itself. */
export const RECEIPT_WAYS = ['push', 'stream', 'pull'] as const
export type ReceiptWay = (typeof RECEIPT_WAYS)[number]

/** What a person may answer. */
export const ANSWERS = ['accepted', 'declined', 'call-back', 'attending', 'arrived', 'not-me'] as const
export type Answer = (typeof ANSWERS)[number]

/** Why the switchboard stands a call down, as it says with it. */
export const STAND_DOWNS = ['false-alarm', 'enough-people', 'not-for-resuscitation', 'other'] as const
export type StandDown = (typeof STAND_DOWNS)[number]

/** Where somebody who was asked stands: how far the ring has got, then what they answered, or that they were let go. */
export const RESPONDER_STATES = ['asked', ...RECEIPT_STAGES, ...ANSWERS, 'stood-down'] as const
export type ResponderState = (typeof RESPONDER_STATES)[number]

/**
 * What somebody is to a call. `awaited`: an answer is still wanted · `coming`: counts for cover · `noted`: said
 * something that does not count for this class · `out`: said no · `free`: told that they are not needed.
 */
export type Part = 'awaited' | 'coming' | 'noted' | 'out' | 'free'

const PARTS: Readonly<Record<ResponderState, Part>> = {
  asked: 'awaited',
  'on-device': 'awaited',
  presented: 'awaited',
  opened: 'awaited',
  accepted: 'coming',
  'call-back': 'coming',
  attending: 'coming',
  arrived: 'coming',
  declined: 'out',
  'not-me': 'out',
  'stood-down': 'free',
}

/** Nobody attends an emergency by telephone: there a promise to call back is only noted. */
export function partOf(state: ResponderState, c: Class): Part {
  return state === 'call-back' && c === 'emergency' ? 'noted' : PARTS[state]
}

/** Rung, and no answer yet. */
export function isAwaited(state: ResponderState): boolean {
  return PARTS[state] === 'awaited'
}

/** Takes the call on in some way, if only by telephone. */
export function isYes(state: ResponderState): boolean {
  return PARTS[state] === 'coming'
}

/** Has said no. */
export function isNo(state: ResponderState): boolean {
  return PARTS[state] === 'out'
}

/** Why a device is told something. `ask` and `again` ring; the rest changes what is on the screen. */
export const PURPOSES = ['ask', 'again', 'update', 'stand-down', 'cancel'] as const
export type Purpose = (typeof PURPOSES)[number]

/** The purposes that ring. */
export type Ring = Extract<Purpose, 'ask' | 'again'>

export function isRing(purpose: Purpose): purpose is Ring {
  return purpose === 'ask' || purpose === 'again'
}

/** Tells somebody that they are not needed any more. */
export function isEnd(purpose: Purpose): boolean {
  return purpose === 'stand-down' || purpose === 'cancel'
}

/** How pressing the switchboard's part is: `prompt` look, `act` alarm until a human does. */
export const LEVELS = ['none', 'prompt', 'act'] as const
export type Level = (typeof LEVELS)[number]

/** `applied`, or why not: `stale` (look again), `already` (done, by whom), `late` (closed; recorded), `not-asked`. */
export const ANSWER_OUTCOMES = ['applied', 'stale', 'already', 'late', 'not-asked'] as const
export type AnswerOutcome = (typeof ANSWER_OUTCOMES)[number]

/** What an alert waits for by itself: the sorts of due times. */
export const DUES = ['step', 'repeat', 'receipt', 'insist', 'also', 'hold', 'lapse', 'close'] as const
export type Due = (typeof DUES)[number]

/** The name of a due row. A step's has its index in the plan; of the other sorts an alert has one each. */
export type DueName = Exclude<Due, 'step'> | `step-${number}`

export function isDue(name: string): name is DueName {
  return dueOf(name) !== undefined
}

/** What sort of due time a name stands for; undefined for a name that no version of ours has given. */
export function dueOf(name: string): Due | undefined {
  return DUES.find((sort) => (sort === 'step' ? /^step-\d+$/.test(name) : name === sort))
}

/** What became of an alert in the patient's record: filed by every way of the site, not (yet) filed, refused there, or nobody said whose. */
export const FILING_STANDS = ['filed', 'not-filed', 'refused', 'no-patient'] as const
export type FilingStand = (typeof FILING_STANDS)[number]

/** The ways into a record. */
export const FILING_WAYS = ['fhir', 'hl7'] as const
export type FilingWayId = (typeof FILING_WAYS)[number]
