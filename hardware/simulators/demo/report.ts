import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'

const BLEEPD = fileURLToPath(new URL('../../../src/bleepd.js', import.meta.url))
const HOUR_MS = 3_600_000
const shape = z.object({ callBack: z.object({ requests: z.number() }) })

/** How many requests to be called back the real report counts, read beside the running daemon. */
export async function counted(
  config: string,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const at = (after: number) => new Date(Date.now() + after).toISOString()
  const span = ['--from', at(-HOUR_MS), '--to', at(HOUR_MS), '--format', 'json']
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [BLEEPD, 'report', '--config', config, ...span],
    {
      env: { ...process.env, ...environment },
      maxBuffer: 16 * 1024 * 1024,
    },
  )
  return shape.parse(JSON.parse(stdout)).callBack.requests
}
