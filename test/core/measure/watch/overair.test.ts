import { expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../../../src/core/instant.ts'
import { AIR_START, addAir, asked, heard, passed } from '../../../../src/core/measure/watch/overair.ts'

const page = { transmitter: 'east', number: '0028', text: 'WARD 7B' }
const air = { ...page, quality: 'clean' as const }

test('a page asked for and heard whole is heard, with its delay', () => {
  const [open] = asked(AIR_START, { ...page, at: 0 })
  expect(heard(open, { ...air, at: 4 * SECOND })).toEqual([
    { open: [] },
    [{ transmitter: 'east', outcome: 'heard', delay: 4 * SECOND }],
  ])
})

test('damaged, or in other words, it is garbled', () => {
  const [open] = asked(AIR_START, { ...page, at: 0 })
  expect(heard(open, { ...air, quality: 'damaged', at: 1 })[1][0]?.outcome).toBe('garbled')
  expect(heard(open, { ...air, text: 'WARD \uFFFDB', at: 1 })[1][0]?.outcome).toBe('garbled')
})

test('cut at a pause it is heard when its rest comes, and garbled only when none does', () => {
  const [open] = asked(AIR_START, { ...page, at: 0 })
  const cut = { ...air, text: 'WARD', quality: 'unterminated' as const }
  const [waiting, none] = heard(open, { ...cut, at: 2 * SECOND })
  expect(none).toEqual([])
  expect(heard(waiting, { ...air, rest: true, at: 3 * SECOND })[1]).toMatchObject([{ outcome: 'heard' }])
  expect(passed(waiting, 4 * MINUTE)[1]).toEqual([
    { transmitter: 'east', outcome: 'garbled', delay: 2 * SECOND },
  ])
})

test('a better reading of a page that was heard answers for no other', () => {
  const [open] = asked(AIR_START, { ...page, at: 0 })
  expect(heard(open, { ...air, rest: true, at: 3 * SECOND })).toEqual([open, []])
})

test('not heard within three minutes it is silent, once', () => {
  const [open] = asked(AIR_START, { ...page, at: 0 })
  expect(passed(open, 3 * MINUTE)[1]).toEqual([])
  const [rest, results] = passed(open, 3 * MINUTE + 1)
  expect(results).toEqual([{ transmitter: 'east', outcome: 'silent' }])
  expect(passed(rest, 10 * MINUTE)[1]).toEqual([])
})

test('of two open pages to one number the one with the same words is the one heard', () => {
  const [one] = asked(AIR_START, { ...page, text: 'WARD 1', at: 0 })
  const [two] = asked(one, { ...page, at: 1 })
  expect(heard(two, { ...air, at: 2 })[0].open.map((a) => a.text)).toEqual(['WARD 1'])
})

test('another transmitter, another number, or a page heard before it was asked for answers nothing', () => {
  const [open] = asked(AIR_START, { ...page, at: 10 })
  for (const other of [{ transmitter: 'west' }, { number: '0029' }, { at: 9 }])
    expect(heard(open, { ...air, at: 11, ...other })).toEqual([open, []])
})

test('a deaf tap cannot fill the memory: the oldest are given up as silent', () => {
  let check = AIR_START
  let silent = 0
  for (let i = 0; i < 5100; i++) {
    const [next, results] = asked(check, { ...page, at: i })
    check = next
    silent += results.length
  }
  expect(check.open).toHaveLength(5000)
  expect(silent).toBe(100)
})

test('sums tell asked, heard, garbled, silent and how long it took', () => {
  const results = [
    { transmitter: 'east', outcome: 'heard' as const, delay: 2 * SECOND },
    { transmitter: 'east', outcome: 'garbled' as const, delay: 6 * SECOND },
    { transmitter: 'east', outcome: 'silent' as const },
  ]
  expect(results.reduce(addAir, undefined as Parameters<typeof addAir>[0])).toEqual({
    transmitter: 'east',
    asked: 3,
    heard: 1,
    garbled: 1,
    silent: 1,
    meanDelaySeconds: 4,
    longestDelaySeconds: 6,
  })
})
