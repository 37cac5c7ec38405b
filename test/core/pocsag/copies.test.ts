import { expect, test } from 'vitest'
import { type OutgoingPage, placeTransmission } from '../../../src/core/pocsag/encode.ts'
import { Receiver } from '../../../src/core/pocsag/receiver.ts'

const call = (bed: string): OutgoingPage => ({
  ric: 1310720,
  function: 3,
  type: 'alpha',
  text: `CARDIAC ARREST WARD 7 BED ${bed} PLEASE ATTEND NOW`,
})

interface Sending {
  readonly page: OutgoingPage
  /** Bits to turn in a message codeword, by its number. */
  readonly wrong?: Readonly<Record<number, readonly number[]>>
  /** Silence before it, in seconds. */
  readonly after?: number
}

/** What comes out of transmissions at 1200 bit/s, one behind the other. */
function heard(sendings: readonly Sending[], repeatSeconds = 120) {
  const receiver = new Receiver({
    input: 'packed',
    baud: 1200,
    bitOrder: 'msb',
    polarity: 'auto',
    charset: 'us',
    repeatSeconds,
  })
  return sendings.flatMap(({ page, wrong = {}, after = 0 }) => {
    const { bits, placed } = placeTransmission([page])
    for (const [word, places] of Object.entries(wrong)) {
      const from = placed[0]!.addressBit + 32 * (Number(word) + 1)
      for (const place of places) bits[(from + place) >>> 3]! ^= 0x80 >>> ((from + place) & 7)
    }
    const events = [...receiver.push(new Uint8Array((after * 1200) / 8)), ...receiver.push(bits)]
    return events.flatMap((e) => (e.kind === 'page' ? [e] : []))
  })
}

/** The codeword that holds the bed. */
const BED = 9
const damaged = (text: string) => text.includes('\ufffd')

test('a second call from another bed does not get the bed of the first', () => {
  let held = 0
  for (const places of [
    [1, 9, 17, 25],
    [3, 8, 13, 30],
    [5, 6, 7],
    [2, 11, 20],
  ]) {
    const [first, second] = heard([
      { page: call('3') },
      { page: call('8'), after: 20, wrong: { [BED]: places } },
    ])
    expect(first!.page).toMatchObject({ text: call('3').text, quality: 'clean' })
    expect(second!.repairs).toBeUndefined()
    if (damaged(second!.page.text)) held++
    else expect(second!.page).toMatchObject({ text: call('8').text, doubt: 'words' })
  }
  expect(held).toBeGreaterThan(0)
})

test('nor does a damaged first call get the bed of the second', () => {
  const pages = heard([
    { page: call('3'), wrong: { [BED]: [1, 9, 17, 25] } },
    { page: call('8'), after: 20 },
  ])
  expect(damaged(pages[0]!.page.text)).toBe(true)
  expect(pages[1]!.page).toMatchObject({ text: call('8').text, quality: 'clean' })
  expect(pages[1]!.repairs).toBeUndefined()
})

test('a codeword that a repeat lost is borrowed where its bits support it, and is in doubt', () => {
  const both = { [BED]: [1, 8, 12, 26], 4: [1, 8, 12, 26] }
  const pages = heard([
    { page: call('3') },
    { page: call('3'), after: 1, wrong: both },
    { page: call('3'), after: 200, wrong: both },
  ])
  expect(pages[1]!.page).toMatchObject({ text: call('3').text, quality: 'doubtful', doubt: 'words' })
  expect(pages[1]!.page.doubted).toContain(BED)
  expect(pages[2]!.page.quality).toBe('damaged')
})

test('what was borrowed once is not borrowed again', () => {
  const both = { [BED]: [1, 8, 12, 26], 4: [1, 8, 12, 26] }
  const last = heard([
    { page: call('3') },
    { page: call('3'), after: 100, wrong: both },
    { page: call('3'), after: 100, wrong: both },
  ]).at(-1)!
  expect(last.page.quality).toBe('damaged')
})

test('without repeats nothing is kept to borrow from', () => {
  const wrong = { [BED]: [1, 8, 12, 26], 4: [1, 8, 12, 26] }
  expect(heard([{ page: call('3') }, { page: call('3'), wrong }], 0)[1]!.page.quality).toBe('damaged')
})
