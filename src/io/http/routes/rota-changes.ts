import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { rotaChange, rotaChangesView, rotaWarnings } from '../../../core/desk/change-views.ts'
import type { HttpParts } from '../parts.ts'
import { list } from '../parts-of.ts'
import { del, instant, type Mount, post } from '../route.ts'

const tag = 'duty'
const refuses = [404, 409] as const
const gives = rotaChangesView

/** Changes a minute: each makes the whole rota anew, and nobody types so many. */
export const CHANGES = 60

/** Changes of the rota made by hand: overrides, leave, swaps. */
export const rotaChangeRoutes = ({ desk, clock }: HttpParts): readonly Mount[] => [
  list('/rota/changes', 'changes', ({ id }) => id, {
    summary: say('routes.overridesLeaveSwapsEnteredHand'),
    ...{ tag, may: 'rota.read', query: z.object({ since: instant.optional() }), gives },
    run: ({ caller, query }) => desk.rotaChanges(caller, query.since ?? clock.now()),
  }),
  post('/rota/changes/check', {
    ...{ summary: say('routes.whatSpeaksAgainstChange'), tag },
    ...{ may: 'rota.edit', body: rotaChange, refuses: [404], gives: rotaWarnings, limit: 300 },
    run: ({ caller, body }) => desk.checkRotaChange(caller, body),
  }),
  post('/rota/changes', {
    ...{ summary: say('routes.enterOverrideLeaveSwapGives'), tag },
    ...{ may: 'rota.edit', body: rotaChange, refuses, gives, status: 201, limit: CHANGES },
    run: ({ caller, body }) => desk.changeRota(caller, body),
  }),
  del('/rota/changes/:id', {
    ...{ summary: say('routes.takeChangeBackRotaIf'), tag, limit: CHANGES },
    ...{ may: 'rota.edit', params: z.object({ id: z.string().min(1).max(64) }), refuses, gives },
    run: ({ caller, params }) => desk.takeBackRotaChange(caller, params.id),
  }),
]
