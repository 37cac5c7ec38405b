import type { AskWords } from '../core/bleep/asked.ts'
import type { AskChoices, AskMade, AsksView, AskView } from '../core/desk/ask-views.ts'
import type { BleepId, RoleId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'
import type { Class } from '../core/vocabulary.ts'
import type { Caller, Outcome } from './desk.ts'

export interface NewAsk {
  readonly role: RoleId
  readonly urgency: Class
  readonly words: AskWords
}

/** What a ward, or a person with a phone, may do as whoever asks. Part of the desk. */
export interface AskDesk {
  /** Durable when it resolves; it goes out as a bleep like any other. */
  ask(caller: Caller, ask: NewAsk): Promise<Outcome<AskMade>>
  /** The caller's own asks, the newest first; for the switchboard those that it has to read out, the oldest first. */
  asks(caller: Caller, since?: Instant): Promise<Outcome<AsksView>>
  askChoices(caller: Caller): Promise<Outcome<AskChoices>>
  /** A receipt: they have been shown, or were read out, what this name stands for. */
  askTold(caller: Caller, id: BleepId, said: string): Promise<Outcome<AskView>>
  /** A word to whoever was asked, on the record of the call. */
  askReply(caller: Caller, id: BleepId, text: string): Promise<Outcome<AskView>>
}
