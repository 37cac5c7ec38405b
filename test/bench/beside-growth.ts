import { readFileSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

const MINUTE = 60_000
const MB = 1024 * 1024
const TICKS_A_SECOND = 100

const size = (file: string): number => {
  try {
    return statSync(file).size / MB
  } catch {
    return 0
  }
}
/** CPU of a process so far, milliseconds. */
export const cpuOf = (pid: number | undefined): number => {
  const [, utime, stime] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
  return ((Number(utime) + Number(stime)) / TICKS_A_SECOND) * 1000
}

/**
 * What grows under a load that lasts: a line a minute with what came in it. A load of less than two minutes has none.
 * @returns ends it
 */
export function watchGrowth(
  {
    pid,
    path,
    say,
  }: { readonly pid: number | undefined; readonly path: string; readonly say: (line: string) => void },
  spans: { readonly answers: readonly number[]; readonly urgent: readonly number[] },
): () => void {
  let [minute, answered, rung, cpu] = [0, 0, 0, cpuOf(pid)]
  const of = (all: readonly number[]): string => {
    const sorted = all.toSorted((a, b) => a - b)
    return [0.5, 0.99, 1]
      .map((q) =>
        (sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN).toFixed(1),
      )
      .join('/')
  }
  const timer = setInterval(() => {
    minute += 1
    const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
    const db = new DatabaseSync(path, { readOnly: true })
    const rows = ['bleeps', 'alerts', 'attempts', 'due', 'hops', 'alert_events'].map((table) => {
      try {
        return `${table} ${db.prepare(`select count(*) as n from ${table}`).get()?.n}`
      } catch {
        return `${table} –`
      }
    })
    db.close()
    const now = cpuOf(pid)
    say(
      `  minute ${minute}: 250 ${of(spans.answers.slice(answered))}, emergencies ${of(spans.urgent.slice(rung))} of ${spans.urgent.length - rung}; CPU ${(((now - cpu) / MINUTE) * 100).toFixed(0)} %, ${rss.toFixed(0)} MB, file ${size(path).toFixed(0)} MB, log ${size(`${path}-wal`).toFixed(0)} MB; ${rows.join(', ')}`,
    )
    ;[answered, rung, cpu] = [spans.answers.length, spans.urgent.length, now]
  }, MINUTE)
  return () => clearInterval(timer)
}
