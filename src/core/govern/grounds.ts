/**
 * On what ground a request is not carried out for one item, or only in part. A list, so that nobody makes one up: UK GDPR,
 * and schedules 2 and 3 of the Data Protection Act 2018.
 */
export const GROUNDS = [
  'another-person',
  'health-record',
  'public-task',
  'legal-claim',
  'third-party',
  'serious-harm',
  'unfounded',
  'not-verified',
] as const
export type Ground = (typeof GROUNDS)[number]
