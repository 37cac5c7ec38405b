import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Whole } from './whole.ts'

/** Whether a reload or a restart would still find the files of the site. */
export async function siteReadable({ config }: Pick<Whole, 'config'>): Promise<boolean> {
  const names = await readdir(resolve(config.folder, config.site.folder)).catch(() => [])
  return names.length > 0
}
