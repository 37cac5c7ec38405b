import type { Browser, Page } from 'playwright-core'
import type { Alert } from '../../src/core/alert/alert.ts'
import type { AlertId } from '../../src/core/ids.ts'
import { SECOND } from '../../src/core/instant.ts'
import { systemClock } from '../../src/io/clock.ts'
import { openChromium } from './browsers.ts'
import { type Bed, KEYS, openBed } from './desk-bed.ts'

/** A console in a real browser over a real server. */
export interface ConsoleBed extends Bed {
  readonly base: string
  /** A page of a browser that nobody has signed in by. */
  stranger(): Promise<Page>
  /** A signed-in operator's page; `role` as in the keys of the bed. */
  operator(role?: keyof typeof KEYS): Promise<Page>
  /** Fires the plan's further steps, as the ticker would once their times had come. */
  exhaust(id: AlertId): Promise<Alert>
  answer(alert: Alert, role: string, answer: 'accepted' | 'declined'): Promise<void>
}

export async function openConsole(options: Parameters<typeof openBed>[0] = {}): Promise<ConsoleBed> {
  const bed = await openBed({ clock: systemClock(() => {}), ...options })
  const listening = await bed.http.listen()
  if (!listening.ok) throw new Error(listening.fault.code)
  const base = listening.value.url
  let browser: Browser | undefined
  const stranger = async () => {
    browser ??= await openChromium()
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 } })
    return context.newPage()
  }
  return {
    ...bed,
    base,
    stranger,
    async operator(role = 'switchboard') {
      const page = await stranger()
      await page.goto(`${base}/console/#sign-in=${role}-op&key=${KEYS[role]}`)
      await page.getByRole('navigation', { name: 'Pages' }).waitFor()
      return page
    },
    async exhaust(id) {
      const alert = await bed.store.transact((tx) => tx.alerts.get(id))
      if (alert === undefined) throw new Error(`no alert ${id}`)
      let last = alert
      for (const [i, step] of alert.plan.steps.entries()) {
        if (i <= last.step) continue
        const at = alert.raised + step.after + SECOND
        last = (await bed.alerts.apply(id, { kind: 'due', at, name: `step-${i}` }))?.alert ?? last
      }
      return last
    },
    async answer(alert, role, answer) {
      const person = bed.holder(role)
      await bed.alerts.apply(alert.id, {
        ...{ kind: 'answered', at: bed.clock.now(), person, answer, version: alert.version },
        by: { kind: 'person', person },
      })
    },
    async close() {
      await browser?.close()
      await bed.close()
    },
  }
}

export const ARREST = {
  text: 'ADULT CARDIAC ARREST WARD 7B BED 3',
  kind: 'adult-arrest',
  class: 'emergency',
  place: 'Ward 7B, bed 3',
  roles: ['med-reg', 'anaes-reg'],
} as const
