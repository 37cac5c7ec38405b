import { open, readFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { asId } from '../../core/ids.ts'
import { readJson } from '../../core/json.ts'
import type { Erased, ErasedLedger } from '../../ports/ledger.ts'

const line = z.union([
  z.object({
    at: z.number(),
    bleep: z.string().transform((id) => asId<Extract<Erased, { bleep: unknown }>['bleep']>(id)),
  }),
  z.object({
    at: z.number(),
    person: z.string().transform((id) => asId<Extract<Erased, { person: unknown }>['person']>(id)),
  }),
])

/**
 * One JSON object a line, readable by its owner alone; a line that was half written is passed over.
 * @param also the same on another disk, as far as that is there: a new machine may have nothing but the copies
 */
export function erasedLedger(path: string, also?: string): ErasedLedger {
  const all = async (): Promise<readonly Erased[]> => {
    const lines = new Set([...(await linesOf(path)), ...(also === undefined ? [] : await linesOf(also))])
    return [...lines].flatMap(parsed).toSorted((a, b) => a.at - b.at)
  }
  return {
    async note(erased) {
      if (erased.length === 0) return
      const text = print(erased)
      await append(path, text)
      if (also !== undefined) await append(also, text).catch(() => undefined)
    },
    since: async (at) => (await all()).filter((one) => one.at >= at),
    async prune(before) {
      const known = await all()
      const kept = known.filter((one) => one.at >= before)
      if (kept.length === known.length) return
      await replace(path, print(kept))
      if (also !== undefined) await replace(also, print(kept)).catch(() => undefined)
    },
  }
}

const print = (some: readonly Erased[]): string => some.map((one) => `${JSON.stringify(one)}\n`).join('')

async function linesOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text.split('\n').filter((one) => one !== '')
}

function parsed(text: string): readonly Erased[] {
  const { data } = line.safeParse(readJson(text))
  return data === undefined ? [] : [data]
}

async function append(path: string, text: string): Promise<void> {
  const file = await open(path, 'a', 0o600)
  try {
    // A line break first, so that a line which a stop left half written does not spoil this one.
    await file.appendFile(`\n${text}`)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text, { mode: 0o600, flush: true })
  await rename(`${path}.part`, path)
}
