import { spawnSync } from 'node:child_process'

/** Whether a program that a test drives is installed; a test without it is skipped and says so. */
export function installed(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}
