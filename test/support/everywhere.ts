import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { healthView } from '../../src/core/desk/views.ts'

/** What each screen says of the daemon at one moment: codes of the fault table, sorted. */
export interface Said {
  readonly ready: readonly string[]
  readonly board: readonly string[]
  readonly metric: readonly string[]
  /** Absent while nobody can hear it. */
  readonly broker?: readonly string[]
  readonly fit: boolean
}

const RULES = readFileSync('config/prometheus/faults.yaml', 'utf8')
const site = z.object({ reasons: z.array(z.object({ code: z.string() })) })

const sorted = (codes: Iterable<string>): readonly string[] => [...new Set(codes)].toSorted()

/** Asks /readyz, board and metric; undefined where one does not answer. */
export async function saidBy(base: string, token: string): Promise<Omit<Said, 'broker'> | undefined> {
  try {
    const [ready, board, figures] = await Promise.all([
      fetch(`${base}/readyz`),
      fetch(`${base}/api/v1/site`, { headers: { authorization: `Bearer ${token}` } }),
      fetch(`${base}/metrics`),
    ])
    const { status, reasons } = healthView.parse(await ready.json())
    return {
      fit: status !== 'not-ready',
      ready: sorted(reasons.map(({ code }) => code)),
      board: sorted(site.parse(await board.json()).reasons.map(({ code }) => code)),
      metric: sorted(standing(await figures.text())),
    }
  } catch {
    return undefined
  }
}

/** A rule outside fires by this figure alone, so one that no rule knows counts as not told. */
const standing = (page: string): string[] =>
  [...page.matchAll(/^bleepbridge_standing\{.*?fault="([^"]+)".*?\} ([\d.]+)$/gm)].flatMap(
    ([, code = '', value]) => (Number(value) > 0 && RULES.includes(`fault="${code}"`) ? [code] : []),
  )

/** What every screen says, once all say the same; nothing while they differ. */
export function agreedIn(said: Said | undefined): readonly string[] | undefined {
  if (said === undefined) return undefined
  const screens = [said.ready, said.board, said.metric, ...(said.broker === undefined ? [] : [said.broker])]
  return new Set(screens.map(String)).size === 1 ? said.ready : undefined
}
