import { statfs } from 'node:fs/promises'
import type { Machine } from '../ports/machine.ts'
import { keepsTime } from './kernel-clock.ts'

/** @param folder where the embedded database lies */
export function thisMachine(folder: string | undefined): Machine {
  const memory = () => process.memoryUsage.rss()
  const kept = () => keepsTime()
  if (folder === undefined) return { memory, keepsTime: kept }
  return {
    memory,
    keepsTime: kept,
    async free() {
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
  }
}
