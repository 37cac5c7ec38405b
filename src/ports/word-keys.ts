import type { Instant } from '../core/instant.ts'

/** Words of the database that stand in the clear, or under keys that are away. */
export interface WordTable {
  /**
   * Seals the words of bleeps received from `after` on and before `to`, as far as they stand in the clear.
   * @returns where it has come to; undefined: at the end
   */
  seal(after: Instant, to: Instant, limit: number): Promise<Instant | undefined>
  /**
   * Seals the words of a bleep under the keys of those whom they are about as well, whatever was known before; asks for
   * them only where words are sealed.
   * @param patients each as `patientKey` writes it
   */
  bind(bleep: string, patients: () => Promise<readonly string[]>): Promise<void>
  /**
   * Seals call records before `to`, the audit and people of the trust's directory, as far as they stand in the clear.
   * @returns whether there is more
   */
  sealOthers(now: Instant, to: Instant, limit: number): Promise<boolean>
  /** Nothing under these keys is to be read any more: they are destroyed when the store is next tidied. */
  gone(keys: readonly string[]): Promise<void>
  /** Whether keys are still to be destroyed: tidying the store does it. */
  owes(): Promise<boolean>
  /** Notes which keys are in use now, and forgets those that were in use before `before` alone. */
  noteUse(now: Instant, before: Instant): Promise<void>
}
