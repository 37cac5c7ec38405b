import { expect, test } from 'vitest'
import { NEW_CALL, stepCall, type VoiceInput } from '../../../src/core/deliver/voice-call.ts'

const play = (...inputs: VoiceInput[]): readonly string[] => {
  let call = NEW_CALL
  const said: string[] = []
  for (const input of inputs) {
    const [next, effects] = stepCall(call, input)
    call = next
    for (const effect of effects)
      said.push(
        effect.kind === 'rung-out'
          ? `${effect.outcome.kind}${effect.outcome.kind === 'taken' ? '' : ` ${effect.outcome.fault}`}`
          : effect.kind === 'key'
            ? `key ${effect.key}`
            : effect.kind,
      )
  }
  return said
}
const up: VoiceInput = { kind: 'picked-up' }
const key = (pressed: string): VoiceInput => ({ kind: 'key', key: pressed })
const closed = (said = ''): VoiceInput => ({ kind: 'closed', said })

test.each([
  [
    '1 is the answer, and the line is free',
    [up, key('1'), closed()],
    ['taken', 'listen', 'key 1', 'hang-up'],
  ],
  ['2 as well', [up, key('2')], ['taken', 'listen', 'key 2', 'hang-up']],
  [
    '3 says it again',
    [up, key('3'), key('1')],
    ['taken', 'listen', 'speak-again', 'listen', 'key 1', 'hang-up'],
  ],
  ['other keys say nothing', [up, key('4'), key('#'), key('')], ['taken', 'listen']],
  ['a second key changes nothing', [up, key('1'), key('2')], ['taken', 'listen', 'key 1', 'hang-up']],
  ['a mailbox presses no key', [up, { kind: 'silence' }, closed()], ['taken', 'listen', 'no-key', 'hang-up']],
  ['rung off without a key', [up, closed('')], ['taken', 'listen', 'no-key']],
  ['a key before it was picked up is no answer', [key('1'), up], ['taken', 'listen']],
  [
    'nobody picks it up',
    [{ kind: 'rings' }, { kind: 'given-up' }, up],
    ['refused voice-no-answer', 'hang-up'],
  ],
  ['no word of the exchange', [{ kind: 'given-up' }], ['later voice-exchange-gone', 'hang-up']],
  ['a word that it rings, late', [up, { kind: 'rings' }, key('1')], ['taken', 'listen', 'key 1', 'hang-up']],
  ['the time to ring ends no call that was picked up', [up, { kind: 'given-up' }], ['taken', 'listen']],
  ['engaged', [closed('486 Busy Here')], ['refused voice-engaged']],
  ['declined', [closed('603 Decline')], ['refused voice-engaged']],
  ['a wrong number', [closed('404 Not Found')], ['refused voice-number-wrong']],
  ['no credentials', [closed('403 Forbidden')], ['refused provider-credentials']],
  ['the exchange is ill', [closed('503 Service Unavailable')], ['later voice-exchange-gone']],
  ['nobody there by the exchange', [closed('480 Temporarily Unavailable')], ['refused voice-no-answer']],
  ['the client is gone', [{ kind: 'lost' }], ['later voice-client-gone']],
  ['the client is gone in the middle', [up, { kind: 'lost' }], ['taken', 'listen', 'no-key']],
] as const)('%s', (_, inputs, wanted) => expect(play(...inputs)).toEqual(wanted))

test('whoever presses 3 for ever is not listened to for ever: a line is needed', () => {
  const said = play(up, ...Array.from({ length: 50 }, () => key('3')))
  expect(said.filter((one) => one === 'speak-again')).toHaveLength(4)
})

test('a key is waited for 8 seconds after all was said, each time anew', () => {
  const [speaking, effects] = stepCall(NEW_CALL, up)
  expect(effects).toContainEqual({ kind: 'listen', wait: 8000 })
  expect(stepCall(speaking, key('3'))[1]).toContainEqual({ kind: 'listen', wait: 8000 })
})

test('told a second time that it was picked up, nothing begins anew; silence before that is nothing', () => {
  expect(play(up, up)).toEqual(['taken', 'listen'])
  expect(play({ kind: 'silence' }, up)).toEqual(['taken', 'listen'])
})

test('whoever pressed a key was a person, however the call ended', () => {
  expect(stepCall(stepCall(NEW_CALL, up)[0], key('2'))[0]).toEqual({ phase: 'ended', again: 0, keyed: true })
})
