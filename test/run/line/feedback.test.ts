import { expect, test } from 'vitest'
import type { Alert, AlertEvent } from '../../../src/core/alert/alert.ts'
import { asId } from '../../../src/core/ids.ts'
import type { Answer } from '../../../src/core/vocabulary.ts'
import { statusOf } from '../../../src/run/line/feedback.ts'
import { crash } from '../../support/call.ts'

const RAISED: AlertEvent = { kind: 'raised', at: 1 }
const STEP: AlertEvent = { kind: 'due', name: 'step-1', at: 2 }
const says = (answer: Answer): AlertEvent => ({
  ...{ kind: 'answered', at: 3, person: asId('reg'), answer, version: 1 },
  by: { kind: 'person', person: asId('reg') },
})

test.each<[Alert['phase'], AlertEvent[], string | undefined]>([
  ['ringing', [RAISED], 'paged'],
  ['ringing', [STEP], undefined],
  ['ringing', [], undefined],
  ['exhausted', [STEP], 'unreachable'],
  ['exhausted', [RAISED], 'unreachable'],
  ['exhausted', [], undefined],
  ['covered', [STEP, says('accepted')], 'acknowledged'],
  ['exhausted', [says('attending')], 'acknowledged'],
  ['ringing', [says('declined')], undefined],
  ['exhausted', [says('declined')], 'unreachable'],
])('%s after %j: the switchboard is told %s', (phase, events, status) => {
  const { alert } = crash()
  const told = statusOf({ alert: { ...alert, phase }, effects: [], events, going: [], left: false })
  expect(told).toEqual(status === undefined ? undefined : { bleep: alert.bleep, status })
})
