import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const clock = new VirtualClock()
let bed: Bed
beforeEach(async () => {
  bed = await openBed({ clock })
})
afterEach(() => bed.close())

test('the worst stands first on the board, whatever came first', async () => {
  const routine = await bed.call({
    text: 'PLS CALL 4421',
    kind: 'call-back',
    class: 'routine',
    roles: ['med-reg'],
  })
  const first = await bed.call({
    ...{ text: 'ADULT CARDIAC ARREST WARD 7B', kind: 'adult-arrest', class: 'emergency', roles: ['med-reg'] },
  })
  const urgent = await bed.call({
    text: 'SEPSIS WARD 3',
    kind: 'sepsis',
    class: 'urgent',
    roles: ['med-reg'],
  })
  await clock.elapse(1000)
  const second = await bed.call({
    ...{ text: 'ADULT CARDIAC ARREST ED', kind: 'adult-arrest', class: 'emergency', roles: ['ccu-nurse'] },
  })
  const board = await bed.http.app.inject({
    url: '/api/v1/alerts',
    headers: { authorization: `Bearer ${KEYS.switchboard}` },
  })
  const ids = board.json().alerts.map(({ id }: { id: string }) => id)
  expect(ids).toEqual([first.id, second.id, urgent.id, routine.id])
})
