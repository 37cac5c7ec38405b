import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { Mac } from '../../core/govern/audit.ts'
import { thinned } from '../../core/govern/places.ts'
import { readJson } from '../../core/json.ts'
import type { Anchors, Place } from '../../ports/anchors.ts'

const line = z.object({
  at: z.number(),
  seq: z.number(),
  digest: z.string(),
  begun: z.literal(true).optional(),
  mac: z.string().optional(),
})

/** Lines beyond which old ones are thinned. */
const MOST = 2000

/**
 * One JSON object a line, each signed with the key where there is one. A line that was half written is passed over; one
 * that is whole and not ours is counted.
 */
export function anchorFile(path: string, mac?: Mac): Anchors {
  const signed = (place: Place): string => {
    const { at, seq, digest, begun } = place
    const bare = JSON.stringify({ at, seq, digest, ...(begun === true ? { begun } : {}) })
    return mac === undefined ? bare : JSON.stringify({ ...JSON.parse(bare), mac: mac(`anchor\n${bare}`) })
  }
  async function list(): ReturnType<Anchors['list']> {
    const lines = (await textOf(path)).split('\n').filter((one) => one !== '')
    const places: Place[] = []
    let forged = 0
    for (const text of lines) {
      const read = line.safeParse(readJson(text)).data
      if (read === undefined) continue
      const { mac: _, begun, ...rest } = read
      const place = { ...rest, ...(begun === true ? { begun } : {}) }
      if (mac === undefined || signed(place) === text) places.push(place)
      else forged += 1
    }
    return { places, forged }
  }
  return {
    list,
    async add(place) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const { places } = await list()
      if (places.length > MOST) await replace(path, thinned(places).map(signed))
      const file = await open(path, 'a', 0o600)
      try {
        // A line break first, so that a line which a stop left half written does not spoil this one.
        await file.appendFile(`\n${signed(place)}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
    },
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

async function replace(path: string, lines: readonly string[]): Promise<void> {
  await writeFile(`${path}.part`, `${lines.join('\n')}\n`, { mode: 0o600, flush: true })
  await rename(`${path}.part`, path)
}
