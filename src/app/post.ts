import { readPem } from '../config/authority.ts'
import { say } from '../core/catalogue/say.ts'
import { dayAt, printDay } from '../core/directory/civil.ts'
import type { Report } from '../core/measure/report/report.ts'
import type { ShiftSpan } from '../core/measure/report/shifts.ts'
import { mail } from '../io/post/mail.ts'
import { webHook } from '../io/post/web-hook.ts'
import { renderReport } from '../io/report/render.ts'
import type { Carrier } from '../ports/post.ts'
import { type Post, startPost } from '../run/keep/post.ts'
import type { Reader } from '../run/watch/fault-news.ts'
import type { Ground } from './ground.ts'

/** What is not urgent: who carries it and who reads it; absent where the site has neither mail nor hooks. */
export function openPost(ground: Ground): Post | undefined {
  const { config } = ground.whole
  const carriers = new Map<string, Carrier>(
    config.hooks.map((hook) => [hook.name, webHook(hook, () => ground.clock.now())]),
  )
  if (config.mail) {
    carriers.set('mail', mail(config.mail, readPem(config.folder, config.mail.ca)))
  }
  return carriers.size === 0 ? undefined : startPost({ ...ground, carriers })
}

export function readersOf({ whole: { config } }: Ground): readonly Reader[] {
  const { mail: to, hooks } = config
  return [
    ...(to && to.faults.length > 0
      ? [{ by: 'mail', to: to.faults, least: to.least, every: to.digestMs, after: to.afterMs, each: false }]
      : []),
    ...hooks.map(({ name, least, afterMs }) => ({
      ...{ by: name, to: [], least, every: 0, after: afterMs, each: true },
    })),
  ]
}

/** Sends each finished shift's report to those who asked for it; absent where nobody did. */
export function reportPost(
  ground: Ground,
  post: Post | undefined,
): ((report: Report, span: ShiftSpan) => Promise<void>) | undefined {
  const to = ground.whole.config.mail?.reports ?? []
  if (post === undefined || to.length === 0) return undefined
  return async (report, span) => {
    const { zone, site } = ground.directory()
    const day = printDay(dayAt(span.from, zone))
    const pages = {
      [`${day}-${span.name}.html`]: (await renderReport(report, 'html')).body,
      [`${day}-${span.name}.csv`]: (await renderReport(report, 'csv')).body,
    }
    const subject = say('post.report', { site: site.name, shift: span.name, day })
    await ground.store.transact((tx) =>
      post.write(tx, { by: 'mail', to, subject, text: say('post.reportText'), pages }),
    )
  }
}
