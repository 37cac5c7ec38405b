import { expect, test } from 'vitest'
import { readRefusal } from '../../../src/core/deliver/sip-refusal.ts'

test.each([
  ['486 Busy Here', 'voice-engaged'],
  ['600 Busy Everywhere', 'voice-engaged'],
  ['603 Decline', 'voice-engaged'],
  ['404 Not Found', 'voice-number-wrong'],
  ['410 Gone', 'voice-number-wrong'],
  ['484 Address Incomplete', 'voice-number-wrong'],
  ['604 Does Not Exist Anywhere', 'voice-number-wrong'],
  ['401 Unauthorized', 'provider-credentials'],
  ['403 Forbidden', 'provider-credentials'],
  ['407 Proxy Authentication Required', 'provider-credentials'],
  ['408 Request Timeout', 'voice-no-answer'],
  ['480 Temporarily Unavailable', 'voice-no-answer'],
  ['487 Request Terminated', 'voice-no-answer'],
])('%s: %s, and the alert takes its next way', (said, fault) =>
  expect(readRefusal(said)).toEqual({ kind: 'refused', fault }),
)

test.each(['503 Service Unavailable', 'Connection refused', '', 'call 404 of today', '4'])(
  '%j is the exchange’s own trouble, tried again',
  (said) => expect(readRefusal(said)).toEqual({ kind: 'later', fault: 'voice-exchange-gone' }),
)
