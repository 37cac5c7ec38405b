import type { Attempt } from './attempt.ts'
import { type Doorbell, lockScreen } from './payload.ts'

/** Marks a push that a browser may show by itself (RFC 8030, named by the Push API, "declarative push message"). */
const DECLARATIVE = 8030

/**
 * The same doorbell as a browser that knows Declarative Web Push shows it when the app's worker does not run. Where the
 * worker runs it is handed over instead (`mutable`), so that nothing is shown twice.
 * @param app how phones reach us
 */
export function declarative(bell: Doorbell, tag: string, app: string, alert: Attempt['alert']): object {
  const { title, body } = lockScreen(bell)
  const data = { ...bell, tag }
  return {
    web_push: DECLARATIVE,
    notification: { title, body, navigate: `${app}/app/#/alert/${alert}`, tag, silent: false, data },
    mutable: true,
    // Older workers read the doorbell where it always was.
    ...data,
  }
}
