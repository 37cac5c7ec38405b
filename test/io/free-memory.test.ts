import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { programParts } from '../../src/io/free-memory.ts'
import { runProgram } from '../support/program.ts'

const PROGRAM = '/usr/lib/bleep-bridge/bin/node'
const smaps = (rights: string, file: string, anonymous: number): string =>
  `00400000-00746000 ${rights} 00000000 fe:00 12  ${file}
Size:               3352 kB
Rss:                3352 kB
Anonymous:          ${`${anonymous}`.padStart(4)} kB
AnonHugePages:         0 kB
VmFlags: rd mr mw me
`

test('parts of the program file that nothing has written to may go, and no others', () => {
  expect(programParts(smaps('r-xp', PROGRAM, 0), PROGRAM)).toEqual([{ from: 0x400000n, bytes: 0x346000n }])
  for (const other of [
    smaps('r--p', PROGRAM, 8),
    smaps('rw-p', PROGRAM, 0),
    smaps('rwxp', PROGRAM, 0),
    smaps('r-xp', `${PROGRAM} (deleted)`, 0),
    smaps('r-xp', '/usr/lib/libc.so.6', 0),
    smaps('r-xp', '', 0),
    smaps('r-xp', PROGRAM, 0).replace(/^Anonymous.*\n/m, ''),
    'no such form\n',
    '',
  ])
    expect(programParts(`${other}${smaps('r--p', PROGRAM, 0)}`, PROGRAM)).toHaveLength(1)
  expect(programParts('', PROGRAM)).toEqual([])
})

test('a process that gives back what a start has left is smaller, and goes on as it was', async (ctx) => {
  if (process.platform !== 'linux' || !/^Anonymous:/m.test(readFileSync('/proc/self/smaps', 'utf8')))
    ctx.skip('needs the memory map of Linux')
  const own = JSON.stringify(fileURLToPath(new URL('../../src/io/free-memory.ts', import.meta.url)))
  const script = `
    import { createHash } from 'node:crypto'
    import { readFileSync } from 'node:fs'
    const { memoryKeeper } = await import(${own})
    const held = () => Number(/RssFile:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1])
    const work = () => createHash('sha256').update(JSON.stringify([new Date(0), 'é'.normalize('NFD')])).digest('hex')
    const keep = memoryKeeper()
    const first = work()
    for (let again = 0; again < 3; again++) {
      const before = held()
      keep()
      console.log(held() < before, work() === first)
    }
  `
  const { code, output } = await runProgram(process.execPath, ['--input-type=module', '-e', script])
  expect([code, output]).toEqual([0, 'true true\n'.repeat(3)])
})
