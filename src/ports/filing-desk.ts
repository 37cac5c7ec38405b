import type { FilingNote, FilingsView, ReadBackView } from '../core/desk/filing-views.ts'
import type { AlertId } from '../core/ids.ts'
import type { FilingStand } from '../core/vocabulary.ts'
import type { Caller, Outcome } from './desk.ts'

/** What a person may decide about a filing. */
type FilingDecision = 'leave' | 'again' | 'withdraw'

/** What responders and governance ask about filing in the patient's record. */
export interface FilingDesk {
  filings(
    caller: Caller,
    filter: { readonly stand?: FilingStand; readonly cursor?: string },
  ): Promise<Outcome<FilingsView>>
  /** What this number reads back as, and whom the record has under it. Nothing is kept. */
  readBack(caller: Caller, alert: AlertId, number: string): Promise<Outcome<ReadBackView>>
  /** That is the patient: `readBack` is what was read back and said yes to. */
  setPatient(caller: Caller, alert: AlertId, number: string, readBack: string): Promise<Outcome<FilingNote>>
  decide(
    caller: Caller,
    alert: AlertId,
    decision: FilingDecision,
    reason: string,
  ): Promise<Outcome<FilingNote>>
}
