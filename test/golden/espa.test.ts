import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bcc, encodeBlock, parseBlock } from '../../src/core/line/espa444/block.ts'
import { hex, openLine, toHex } from '../support/score.ts'

interface Golden {
  readonly name: string
  readonly hex: string
  readonly fields: Record<string, string>
}

const file = new URL('./espa/blocks.json', import.meta.url)
const { blocks } = JSON.parse(readFileSync(file, 'utf8')) as { blocks: Golden[] }
/** EOT, self-poll of station 1, select of station 2. */
const SELECT = '04 31 05 32 05'

test.each(blocks)('$name: check byte and records', (golden) => {
  const bytes = hex(golden.hex)
  const covered = bytes.subarray(1, -1)
  expect(bcc(covered)).toBe(bytes.at(-1))
  expect(parseBlock(covered, 'latin1')).toEqual(golden.fields)
})

test.each(blocks)('$name: taken after a select, answered once stored', (golden) => {
  const line = openLine('espa444')
  const select = line.step({ kind: 'bytes', bytes: hex(SELECT), at: 0 })
  expect(select.filter((e) => e.kind === 'reply').map((e) => toHex(e.bytes))).toEqual(['06'])
  const effects = line.step({ kind: 'bytes', bytes: hex(golden.hex), at: 0 })
  const page = effects.find((e) => e.kind === 'page')
  const heard = effects.find((e) => e.kind === 'heard')
  const replies = effects.filter((e) => e.kind === 'reply').map((e) => toHex(e.bytes))
  if (golden.fields.header === '1') {
    expect(page?.page.fields).toEqual(golden.fields)
    expect(replies).toEqual([])
    const answer = line.step({ kind: 'stored', ref: page!.ref, at: 0 })
    expect(answer.filter((e) => e.kind === 'reply').map((e) => toHex(e.bytes))).toEqual(['06'])
  } else {
    expect(page).toBeUndefined()
    expect(heard?.fields).toEqual(golden.fields)
    expect(replies).toEqual(['06'])
  }
})

test('our encoder lays out the standard call as the golden block does', () => {
  const standard = blocks[0]!
  expect(toHex(encodeBlock(standard.fields))).toBe(toHex(hex(standard.hex)))
})
