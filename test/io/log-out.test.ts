import { expect, test } from 'vitest'
import { toFile, toReader, toTerminal } from '../../src/io/log-out.ts'

const codes = (out: Pick<ReturnType<typeof toFile>, 'troubles'>) =>
  out.troubles().map(({ code, detail }) => `${code} ${detail}`)

function reader() {
  const read: string[] = []
  let left: () => void = () => undefined
  const stream = {
    writableLength: 0,
    write: (line: string) => read.push(line),
    on: (_event: 'error', run: () => void) => {
      left = run
    },
  }
  return { stream, read, leaves: () => left() }
}

test('a reader that hangs loses the newest lines and is never waited for; once it reads again nothing stands', () => {
  const { stream, read } = reader()
  const out = toReader(stream)
  out.write('one')
  stream.writableLength = 2 * 1024 * 1024
  for (const line of ['two', 'three']) out.write(line)
  expect([read, codes(out)]).toEqual([['one'], ['log-unwritten 2 lines']])
  stream.writableLength = 0
  out.write('four')
  expect([read, codes(out)]).toEqual([['one', 'four'], []])
})

test('a reader that has gone is written to no more, and stands until the next start', () => {
  const { stream, read, leaves } = reader()
  const out = toReader(stream)
  leaves()
  out.write('nobody reads this')
  expect([read, codes(out)]).toEqual([[], ['log-unwritten 2 lines']])
})

test('a file that takes nothing for a while takes lines again by itself', () => {
  let full = true
  const kept: string[] = []
  const out = toFile((line) => {
    if (full) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    kept.push(line)
  })
  out.write('one')
  expect(codes(out)).toEqual(['log-unwritten 1 lines'])
  full = false
  out.write('two')
  expect([kept, codes(out)]).toEqual([['two'], []])
})

test('a terminal that was stopped loses the lines behind a broken one, which is whole again when it goes on', () => {
  const shown: string[] = []
  let room = 5
  const out = toTerminal((bytes) => {
    if (room === 0) throw Object.assign(new Error('try again'), { code: 'EAGAIN' })
    const taken = Math.min(room, bytes.length)
    room -= taken
    shown.push(Buffer.from(bytes.subarray(0, taken)).toString())
    return taken
  })
  for (const line of ['first\n', 'lost\n', 'lost as well\n']) out.write(line)
  expect([shown.join(''), codes(out)]).toEqual(['first', ['log-unwritten 2 lines']])
  room = 100
  out.write('last\n')
  expect([shown.join(''), codes(out)]).toEqual(['first\nlast\n', []])
})
