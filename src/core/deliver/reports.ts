import { say } from '../catalogue/say.ts'

/** What somebody else's network says of an attempt after it was taken. Shown as theirs: none of it is a receipt. */
const PROVIDER_REPORTS = ['text-delivered', 'text-undelivered', 'no-key'] as const
export type ProviderReport = (typeof PROVIDER_REPORTS)[number]

const SAYS: Readonly<Record<ProviderReport, string>> = {
  'text-delivered': say('ways.textDelivered'),
  'text-undelivered': say('ways.textUndelivered'),
  'no-key': say('ways.noKey'),
}

/** As a line of the time line; undefined for what is no such report. */
export function reportSays(name: string): string | undefined {
  const report = PROVIDER_REPORTS.find((one) => one === name)
  return report === undefined ? undefined : SAYS[report]
}
