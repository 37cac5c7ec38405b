import { expect } from 'vitest'
import { merge as mergeAll, needsSightings } from '../../src/core/bleep/merge.ts'

/** Merges, and shows that what lies beside is the same without the sightings that ingest does not read. */
export const merge: typeof mergeAll = (heard, recent, bounds, rePages) => {
  const few = recent.map((one) =>
    needsSightings(one.bleep, heard, rePages) ? one : { bleep: one.bleep, sightings: [] },
  )
  const merged = mergeAll(heard, recent, bounds, rePages)
  expect(mergeAll(heard, few, bounds, rePages)).toEqual(merged)
  return merged
}
