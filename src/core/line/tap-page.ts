import type { Page } from '../bleep/bleep.ts'
export function showTap(fields: Page['fields']): Record<string, unknown> {
  return fields
}
