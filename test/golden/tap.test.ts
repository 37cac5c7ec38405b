import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { LineEffect } from '../../src/core/line/kit/protocol.ts'
import { checksum, encodeTapBlocks } from '../../src/core/line/tap/block.ts'
import { hex, openLine, toHex } from '../support/score.ts'

interface Block {
  readonly name: string
  readonly sum: number
  readonly check: string
  readonly hex: string
  readonly fields: string[]
}

interface Sequence {
  readonly name: string
  readonly hex: string[]
  readonly fields: string[]
}

const file = new URL('./tap/blocks.json', import.meta.url)
const golden = JSON.parse(readFileSync(file, 'utf8')) as { blocks: Block[]; sequences: Sequence[] }

function replies(effects: readonly LineEffect[]): string[] {
  return effects.filter((e) => e.kind === 'reply').map((e) => Buffer.from(e.bytes).toString('latin1'))
}

test.each(golden.blocks)('$name: sum and checksum characters', ({ sum, check, hex: block }) => {
  const bytes = hex(block)
  const covered = bytes.subarray(0, -4)
  expect(covered.reduce((total, c) => total + c, 0)).toBe(sum)
  expect(String.fromCharCode(...checksum(sum))).toBe(check)
  expect(String.fromCharCode(...bytes.subarray(-4))).toBe(`${check}\r`)
})

test.each(golden.blocks)('$name: encoded the same', ({ hex: block, fields }) => {
  expect(encodeTapBlocks(fields).map(toHex)).toEqual([toHex(hex(block))])
})

test.each<Block | Sequence>([...golden.blocks, ...golden.sequences])(
  '$name: taken',
  ({ hex: blocks, fields }) => {
    const line = openLine('tap')
    const all = [blocks].flat()
    const effects = all.map((block) => line.step({ kind: 'bytes', bytes: hex(block), at: 0 }))
    for (const partial of effects.slice(0, -1))
      expect(replies(partial).join()).toBe('211 Page accepted\r\x06\r')
    const page = effects.at(-1)!.find((e) => e.kind === 'page')
    expect(page?.page.to).toEqual({ scheme: 'number', number: fields[0] })
    expect(page?.page.fields).toEqual({ pagerId: fields[0], message: fields[1] })
    expect(replies(effects.at(-1)!)).toEqual([])
    expect(replies(line.step({ kind: 'stored', ref: page!.ref, at: 0 }))).toEqual([
      '211 Page accepted\r\x06\r',
    ])
  },
)
