import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'

/*
 * What words are sealed under, by name. `own`: the key of their bleep. `own+subject`: that key and the key of the patient
 * whom they are about, and both are needed. `own+subject/subject`: the words are about several patients and sealed once for
 * each, so that they can be read as long as one of these keys stands.
 */

const WITH = '+'
const OR = '/'

/** The key of the bleep. */
export const ownOf = (name: string): string => name.split(WITH)[0] ?? name

/** The keys of patients, in their order. */
export const subjectsOf = (name: string): readonly string[] => name.split(WITH)[1]?.split(OR) ?? []

export const withSubjects = (own: string, subjects: readonly string[]): string =>
  subjects.length === 0 ? own : own + WITH + subjects.join(OR)

/** Every key that has a part in it. */
export const partsOf = (name: string): readonly string[] => [ownOf(name), ...subjectsOf(name)]

/** Names of one key, or of two that are both needed: any of them opens it. */
export function alternatives(name: string): readonly string[] {
  const subjects = subjectsOf(name)
  return subjects.length < 2 ? [name] : subjects.map((one) => withSubjects(ownOf(name), [one]))
}

/** A key that nobody has who lacks one of the two: HMAC-SHA256 of the second under the first. */
export const bothOf = (own: KeyObject, subject: KeyObject): KeyObject =>
  createSecretKey(createHmac('sha256', own).update(subject.export()).digest())
