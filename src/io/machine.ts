import { statfs } from 'node:fs/promises'
import type { Machine } from '../ports/machine.ts'

/** @param folder where the embedded database lies */
export function thisMachine(folder: string | undefined): Machine {
  const memory = () => process.memoryUsage.rss()
  if (folder === undefined) return { memory }
  return {
    memory,
    async free() {
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
  }
}
