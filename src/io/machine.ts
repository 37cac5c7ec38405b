import { execFile } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import type { Machine } from '../ports/machine.ts'

/** @param folder where the embedded database lies */
export function thisMachine(folder: string | undefined): Machine {
  const memory = () => process.memoryUsage.rss()
  if (folder === undefined) return { memory, keepsTime: (signal) => keepsTime(signal) }
  return {
    memory,
    keepsTime: (signal) => keepsTime(signal),
    async free() {
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
  }
}

/** systemd asks the kernel (adjtimex(2)), whichever time service it is that keeps the clock. */
export function keepsTime(signal: AbortSignal, command = 'timedatectl'): Promise<boolean | undefined> {
  return new Promise((done) => {
    execFile(command, ['show', '--property=NTPSynchronized', '--value'], { signal }, (error, said) => {
      const answer = error === null ? said.trim() : ''
      done(answer === 'yes' ? true : answer === 'no' ? false : undefined)
    })
  })
}
