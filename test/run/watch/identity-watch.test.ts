import { expect, test } from 'vitest'
import { failed, ok } from '../../../src/core/faults.ts'
import type { Provider } from '../../../src/ports/provider.ts'
import { watchDefects } from '../../../src/run/watch/defect-watch.ts'
import { watchIdentity } from '../../../src/run/watch/identity-watch.ts'
import { quietLog } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

test('a provider of sign-ins that answers nobody stands until it answers somebody, though it refuses them', async () => {
  const defects = watchDefects(quietLog, new VirtualClock())
  let answer: 'down' | 'refused' | 'well' = 'down'
  const away = { state: 's', nonce: 'n', verifier: 'v' }
  const provider: Provider = {
    begin: async () => (answer === 'down' ? failed('provider-down') : ok({ url: 'https://idp', away })),
    finish: async () => failed(answer === 'down' ? 'provider-down' : 'provider-refused'),
    loggedOut: async () => undefined,
  }
  const watched = watchIdentity(provider, { log: defects.log })
  await watched.begin('/back', false)
  expect(defects.standing()).toEqual([{ code: 'provider-down', subject: 'sign-in' }])
  answer = 'refused'
  await watched.finish('/back?code=x', away)
  expect(defects.standing()).toEqual([])
})
