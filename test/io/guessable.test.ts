import { expect, test } from 'vitest'
import { guessable } from '../../src/io/identity/guessable.ts'

const about = ['jo.bloggs', 'jo', 'bloggs']

test.each([
  ['one of the commonest', 'iloveyou1234'],
  ['one of them in another spelling', 'P@ssw0rd2026'],
  ['one of them twice', 'passwordpassword'],
  ['a row of the keyboard', 'qwertyuiop123'],
  ['numbers in a row', '123456789012'],
  ['one letter', 'aaaaaaaaaaaaaaaa'],
  ['its own person', 'jo.bloggs2026'],
  ['what this is', 'BleepBridge1!'],
])('%s is soon guessed', async (_, password) => expect(await guessable(password, about)).toBe(true))

test.each([
  ['four words', 'zebra quiet lamp north'],
  ['a manager’s', 't7Gq-wp2x-K9df'],
  ['other letters', 'llyfrgell dŵr coch ysgol'],
  ['as long as it may be', 'x7!q'.repeat(8) + 'zebra quiet lamp north'.repeat(10)],
])('%s is not', async (_, password) => expect(await guessable(password, about)).toBe(false))
