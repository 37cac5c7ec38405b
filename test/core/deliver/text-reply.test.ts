import { expect, test } from 'vitest'
import { readTextBack, senderOf } from '../../../src/core/deliver/text-reply.ts'

test.each([
  ['1', 'accepted'],
  [' 2.\r\n', 'declined'],
  ['1!', 'accepted'],
  ['Delivered', 'text-delivered'],
  ['Failed', 'text-undelivered'],
  ['1.', 'accepted'],
  ['11', undefined],
  ['ONE', undefined],
  ['12', undefined],
  ['1 hour', undefined],
  ['21', undefined],
  ['1!!.', 'accepted'],
  ['1.2', undefined],
  ['.1', undefined],
  ['yes', undefined],
  ['', undefined],
  ['Pending', undefined],
  ['constructor', undefined],
] as const)('%j says %s', (text, said) => expect(readTextBack(text)).toBe(said))

test.each([
  ['IN20261130_031500_00_+447700900123_00.txt', '+447700900123'],
  ['IN20261130_031500_00_447700900123_00.txt', '+447700900123'],
  ['IN20261130_031500_00_07700900123_00.txt', '+447700900123'],
  ['IN20261130_031500_00_O2_00.txt', undefined],
  // Withheld.
  ['IN20261130_031500_00__00.txt', undefined],
  ['IN20261130_031500_00_anonymous_00.txt', undefined],
  ['IN20261130_031500_00_+447700900123_00.bin', undefined],
  ['OUT20261130_031500_00_+447700900123_00.txt', undefined],
  ['IN20261130_031500_00_+447700900123_00.txt.bak', undefined],
  ['', undefined],
  ['../IN20261130_031500_00_+447700900123_00.txt', undefined],
] as const)('%s is from %s', (name, from) => expect(senderOf(name)).toBe(from))
