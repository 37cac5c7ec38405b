import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** Linux's MADV_DONTNEED (`madvise(2)`). */
const NOT_NEEDED = 4

/**
 * Gives a function that gives back what is not needed for now: memory that the C library keeps in case it is asked again, and
 * pages of the runtime's program file, half of which only a start reads. These are a file's, so one that is read again is
 * there again, in some microseconds. Does nothing where the C library knows no such calls.
 */
export function memoryKeeper(): () => void {
  try {
    const koffi: typeof import('koffi') = createRequire(import.meta.url)('koffi')
    const library = koffi.load(null)
    const trim = library.func('malloc_trim', 'int', ['size_t'])
    const advise = library.func('madvise', 'int', ['uintptr_t', 'size_t', 'int'])
    const parts = programParts(readFileSync('/proc/self/smaps', 'utf8'), process.execPath)
    return () => {
      trim(0)
      for (const { from, bytes } of parts) advise(from, bytes, NOT_NEEDED)
    }
  } catch {
    return () => undefined
  }
}

interface Part {
  readonly from: bigint
  readonly bytes: bigint
}

/**
 * Where a process has the file `program` in memory, each part that nothing has written to: all others hold what no file does.
 * @param smaps as of `/proc/self/smaps` (`proc(5)`)
 */
export function programParts(smaps: string, program: string): readonly Part[] {
  return smaps.split(/^(?=[\da-f]+-[\da-f]+ )/m).flatMap((part) => {
    const [, from, to, rights, file] = /^([\da-f]+)-([\da-f]+) (\S+) \S+ \S+ \S+ +(.+)/.exec(part) ?? []
    const untouched = /^Anonymous: +0 kB$/m.test(part) && rights?.[1] === '-'
    if (file !== program || !untouched) return []
    return [{ from: BigInt(`0x${from}`), bytes: BigInt(`0x${to}`) - BigInt(`0x${from}`) }]
  })
}
