import { say } from '../catalogue/say.ts'

/** Kinds of the starter set whose id is no word. */
const NAMES: ReadonlyMap<string, string> = new Map([['met', say('card.medicalEmergencyMet')]])

/** A kind id in words: `adult-arrest` → `Adult arrest`. Sites choose ids that read well. */
export function titleOf(kind: string): string {
  const words = kind.replaceAll('-', ' ')
  return NAMES.get(kind) ?? words.charAt(0).toUpperCase() + words.slice(1)
}
