import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { raised, reviewView, strangersView } from '../../../core/desk/views.ts'
import type { BleepId, RoleId } from '../../../core/ids.ts'
import type { HttpParts } from '../parts.ts'
import { list } from '../parts-of.ts'
import { id, type Mount, post } from '../route.ts'

const tag = 'alerts'
const params = z.object({ id: id<BleepId>() })

/** Bleeps that ring no phone and wait for the switchboard. */
export const reviewRoutes = ({ desk }: HttpParts): readonly Mount[] => [
  list('/review', 'bleeps', ({ id }) => id, {
    ...{ summary: say('routes.bleepsRangNobodyWaitHuman'), tag },
    ...{ may: 'board.read', gives: reviewView },
    run: ({ caller }) => desk.review(caller),
  }),
  list('/review/strangers', 'addresses', ({ number }) => number, {
    ...{ summary: say('routes.radioAddressesLastDayDirectory'), tag },
    ...{ may: 'board.read', gives: strangersView },
    run: ({ caller }) => desk.strangers(caller),
  }),
  post('/review/:id/ask', {
    ...{ summary: say('routes.switchboardHasReadBleepRang'), tag, params },
    ...{
      may: 'alert.manage',
      body: z.object({ role: id<RoleId>() }),
      refuses: [404],
      gives: raised,
      status: 201,
    },
    run: ({ caller, params, body }) => desk.reviewAsk(caller, params.id, body.role),
  }),
  post('/review/:id/seen', {
    ...{
      summary: say('routes.somebodyHasActedBleepWaits'),
      tag,
      params,
    },
    ...{ may: 'alert.manage', refuses: [404], gives: reviewView },
    run: ({ caller, params }) => desk.reviewed(caller, params.id),
  }),
]
