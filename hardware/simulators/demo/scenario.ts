import type { OutgoingPage } from '../../../src/core/pocsag/encode.ts'
import type { WardAsk } from './ward.ts'

/** One thing that happens in the demonstration hospital, and how its alert must have ended. */
export interface Scene {
  /** Seconds after the start. */
  readonly at: number
  /** For the person watching. */
  readonly title: string
  /** The bleep number whose alert this becomes. */
  readonly number: string
  /** Keyed on the transmitter, with this many copies in one transmission. */
  readonly air?: { readonly page: OutgoingPage; readonly copies?: number }
  /** Called on the switchboard's ESPA link. */
  readonly espa?: { readonly to: string; readonly text: string; readonly priority: '1' | '2' | '3' }
  /** Put in at the screen of a ward. */
  readonly ask?: WardAsk
  /** Whoever promises to ring does so, at this extension, and the exchange prints a record of it. */
  readonly ringsBack?: string
  readonly ends: Ending
}

/** `as` names the scene whose alert this bleep must have joined or ended. */
export type Ending =
  | { readonly kind: 'covered'; readonly class: string; readonly people?: number; readonly repeats?: number }
  | { readonly kind: 'exhausted'; readonly class: string }
  | { readonly kind: 'test' }
  /** The ward has read the answer on its screen, by its own receipt. */
  | { readonly kind: 'told' }
  /** The ward's telephone has rung: the exchange's record says so. */
  | { readonly kind: 'rung-back' }
  | { readonly kind: 'review' }
  | { readonly kind: 'rang-again'; readonly as: string }
  | { readonly kind: 'cancelled'; readonly as: string }
  | { readonly kind: 'seen-twice'; readonly as: string }

const alpha = (ric: number, text: string): OutgoingPage => ({ ric, function: 3, type: 'alpha', text })
const digits = (ric: number, text: string): OutgoingPage => ({ ric, function: 0, type: 'numeric', text })

/** RICs and numbers are those of config/sites/demo/numbers.csv. */
export const SCENES: readonly Scene[] = [
  {
    at: 0,
    title: 'adult crash call',
    number: '2201',
    air: { page: alpha(1310720, 'ADULT CARDIAC ARREST WARD 7B BED 3') },
    ends: { kind: 'covered', class: 'emergency', people: 4 },
  },
  {
    at: 4,
    title: 'security, and nobody answers',
    number: '2213',
    air: { page: alpha(1310816, 'SECURITY TO ED WAITING ROOM') },
    ends: { kind: 'exhausted', class: 'emergency' },
  },
  {
    at: 6,
    title: 'paediatric arrest, and one needed phone is out of reach',
    number: '2202',
    air: { page: alpha(1310728, 'PAED CRASH CALL ED RESUS') },
    ends: { kind: 'exhausted', class: 'emergency' },
  },
  {
    at: 8,
    title: 'fast bleep from the switchboard',
    number: '1113',
    espa: { to: '1113', text: 'MED REG FAST BLEEP TO AMU', priority: '2' },
    ends: { kind: 'covered', class: 'urgent' },
  },
  {
    at: 11,
    title: 'routine call-back',
    number: '1480',
    air: { page: digits(1311048, '70123') },
    ends: { kind: 'covered', class: 'routine' },
  },
  {
    at: 13,
    title: 'tone only, the rapid tone: a fast bleep without words',
    number: '1220',
    air: { page: { ric: 1311064, function: 1, type: 'tone', text: '' } },
    ends: { kind: 'covered', class: 'urgent' },
  },
  {
    at: 15,
    title: 'daily test of the crash bleeps',
    number: '2299',
    air: { page: alpha(1310832, 'TEST CALL ADULT ARREST TEAM') },
    ends: { kind: 'test' },
  },
  {
    at: 18,
    title: 'trauma call',
    number: '2207',
    espa: { to: '2207', text: 'TRAUMA CALL ED RESUS ETA 10 MIN', priority: '1' },
    ends: { kind: 'covered', class: 'emergency' },
  },
  {
    at: 20,
    title: 'one call, sent three times by the transmitter',
    number: '1061',
    air: { page: alpha(1311072, 'PLS CALL EXT 4421 RE BED 12'), copies: 3 },
    ends: { kind: 'covered', class: 'routine', repeats: 2 },
  },
  {
    at: 23,
    title: 'an address no directory holds',
    number: 'ric:1999992/3',
    air: { page: alpha(1999992, 'WHO IS THIS FOR') },
    ends: { kind: 'review' },
  },
  {
    at: 25,
    title: 'deteriorating patient, asked for on the link',
    number: '2210',
    espa: { to: '2210', text: 'MET CALL WARD 4A NEWS 9', priority: '2' },
    ends: { kind: 'covered', class: 'urgent' },
  },
  {
    at: 26,
    title: 'the same call heard on the air',
    number: '2210',
    air: { page: alpha(1310792, 'MET CALL WARD 4A NEWS 9') },
    ends: { kind: 'seen-twice', as: 'deteriorating patient, asked for on the link' },
  },
  {
    at: 27,
    title: 'a ward asks from its own screen, and is told on it',
    number: '0814',
    ask: {
      ...{ role: 'med-f1', what: 'Bed 4, cannula out, antibiotics due', want: 'New cannula' },
      callBack: '70323',
    },
    ends: { kind: 'told' },
  },
  {
    at: 28,
    title: 'the same the old way, waiting at the telephone',
    number: '1501',
    air: { page: digits(1311128, '70223') },
    ringsBack: '70223',
    ends: { kind: 'rung-back' },
  },
  {
    at: 30,
    title: 'the same arrest again, 30 s later',
    number: '2201',
    air: { page: alpha(1310720, 'ADULT CARDIAC ARREST WARD 7B BED 3') },
    ends: { kind: 'rang-again', as: 'adult crash call' },
  },
  {
    at: 34,
    title: 'major haemorrhage',
    number: '2206',
    air: { page: alpha(1310760, 'MAJOR HAEMORRHAGE THEATRE 6') },
    ends: { kind: 'covered', class: 'emergency' },
  },
  {
    at: 38,
    title: 'stand-down of the trauma call',
    number: '2207',
    espa: { to: '2207', text: 'STAND DOWN TRAUMA CALL', priority: '2' },
    ends: { kind: 'cancelled', as: 'trauma call' },
  },
]
