import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { DecodedPage } from '../../../src/core/pocsag/page.ts'
import { Receiver, type ReceiverOptions } from '../../../src/core/pocsag/receiver.ts'
import { readWavHeader, toPcm16 } from '../../../src/core/pocsag/wav.ts'

const vectorSchema = z.object({
  name: z.string(),
  encoder: z.string(),
  bitCount: z.number(),
  hex: z.string(),
  pages: z.array(z.object({ ric: z.number(), function: z.number(), type: z.string(), text: z.string() })),
})

const here = (name: string) => new URL(name, import.meta.url)
const vectors = z.array(vectorSchema).parse(JSON.parse(readFileSync(here('other-encoders.json'), 'utf8')))

const usual: Omit<ReceiverOptions, 'input'> = {
  baud: 'auto',
  bitOrder: 'msb',
  polarity: 'auto',
  charset: 'us',
  repeatSeconds: 120,
}

function pagesOf(receiver: Receiver, bytes: Uint8Array, bitCount?: number): DecodedPage[] {
  return [...receiver.push(bytes, bitCount), ...receiver.end()].flatMap((e) =>
    e.kind === 'page' ? [e.page] : [],
  )
}

const brief = (page: DecodedPage) => ({
  ric: page.ric,
  function: page.function,
  type: page.type,
  text: page.text,
})

describe('bits of other encoders', () => {
  test.each(vectors)('$name ($encoder)', ({ hex, bitCount, pages }) => {
    const bits = Buffer.from(hex, 'hex')
    for (const turned of [bits, bits.map((byte) => byte ^ 0xff)]) {
      const got = pagesOf(new Receiver({ ...usual, input: 'packed' }), turned, bitCount)
      expect(got.map(brief)).toEqual(pages)
      for (const page of got) expect(page.emittedBit - page.endBit).toBeLessThanOrEqual(32)
    }
  })

  test('one wrong bit in every codeword is counted and nothing more', () => {
    const { hex, bitCount } = vectors.find((v) => v.name === 'x-1err-each')!
    const got = pagesOf(new Receiver({ ...usual, input: 'packed' }), Buffer.from(hex, 'hex'), bitCount)
    for (const page of got) {
      expect(page.quality).toBe('corrected')
      expect(page.corrected).toBe(1 + page.words.length)
      expect(page.suspect).toBe(false)
    }
  })
})

describe('off the air', () => {
  test.each([
    { baud: 512, ric: 273040, function: 3, text: '512 B SIDE ZZZZZZ' },
    { baud: 1200, ric: 273040, function: 3, text: '+++TIME=0008300324+++TIME=0008300324' },
    { baud: 2400, ric: 1022869, function: 1, text: '+++TIME=0008300324+++TIME=0008300324' },
  ])('$baud bit/s: rate and polarity found, the page exact, nothing else', ({ baud, ...page }) => {
    const file = readFileSync(here(`offair-${baud}.wav`))
    const format = readWavHeader(file)
    if (typeof format === 'string') throw new Error(`offair-${baud}.wav: ${format}`)
    const receiver = new Receiver({ ...usual, input: 'pcm16', sampleRate: format.sampleRate })
    const got = pagesOf(receiver, toPcm16(file.subarray(format.dataOffset), format))
    expect(got.map((p) => ({ baud: p.baud, quality: p.quality, inverted: p.inverted, ...brief(p) }))).toEqual(
      [{ baud, quality: 'clean', inverted: false, type: 'alpha', ...page }],
    )
  })
})
