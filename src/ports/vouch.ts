import type { Session } from '../core/identity/session.ts'
import type { Outcome } from './desk.ts'

/** What somebody went to the provider for. */
export type Errand = 'console' | 'phone'

export type Back =
  | { readonly errand: 'console'; readonly session: Session }
  /** A code of one use with which this phone enrols. */
  | { readonly errand: 'phone'; readonly code: string }

/** People coming in by the trust's own provider. */
export interface Vouch {
  readonly title: string
  readonly phones: boolean
  /** @param again whoever is there has to show anew who they are */
  begin(errand: Errand, again: boolean): Promise<Outcome<{ readonly url: string; readonly kept: string }>>
  /**
   * @param query what the provider added to our address
   * @param kept what the browser has kept since `begin`
   */
  finish(query: string, kept: string): Promise<Outcome<Back>>
  /** What somebody went for, as their browser has kept it. */
  errand(kept: string): Errand
  /** The provider says that somebody has signed out there; false where it is not the provider. */
  signedOut(token: string): Promise<boolean>
}
