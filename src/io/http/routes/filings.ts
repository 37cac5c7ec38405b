import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { filingNote, filingsView, readBackView } from '../../../core/desk/filing-views.ts'
import { given } from '../../../core/given.ts'
import type { AlertId } from '../../../core/ids.ts'
import { FILING_STANDS } from '../../../core/vocabulary.ts'
import type { HttpParts } from '../parts.ts'
import { get, id, type Mount, post } from '../route.ts'

const tag = 'filings'
const params = z.object({ id: id<AlertId>() })
const refuses = [404, 409, 410] as const
/** In the body and never in the address: addresses are logged on the way. */
const number = z.string().trim().min(4).max(40).describe('NHS number, or the hospital’s own')
const reason = z.string().trim().min(3).max(240).describe('Why: goes on the audit; no name, no number')

/** What becomes of calls in the patient's record. */
export const filingRoutes = ({ filings }: HttpParts): readonly Mount[] => [
  get('/filings', {
    ...{ summary: say('routes.endedCallsByRecord'), tag },
    ...{ may: 'filing.read', gives: filingsView },
    query: z.object({
      state: z.enum(FILING_STANDS).optional(),
      cursor: z.string().max(120).optional(),
    }),
    run: ({ caller, query: { state, cursor } }) => filings.filings(caller, given({ stand: state, cursor })),
  }),
  post('/filings/:id/decide', {
    ...{ summary: say('routes.filingDecide'), tag },
    ...{ may: 'filing.decide', params, refuses, gives: filingNote },
    body: z.object({ decision: z.enum(['leave', 'again', 'withdraw']), reason }),
    run: ({ caller, params, body }) => filings.decide(caller, params.id, body.decision, body.reason),
  }),
  post('/alerts/:id/patient/read-back', {
    ...{ summary: say('routes.patientReadBack'), tag },
    // A number and a name for it: nobody may try numbers here.
    ...{ may: 'patient.set', params, refuses, gives: readBackView, limit: 10 },
    body: z.object({ number }),
    run: ({ caller, params, body }) => filings.readBack(caller, params.id, body.number),
  }),
  post('/alerts/:id/patient', {
    ...{ summary: say('routes.patientSet'), tag },
    ...{ may: 'patient.set', params, refuses, gives: filingNote, limit: 10 },
    body: z.object({ number, readBack: z.string().min(8).max(64) }),
    run: ({ caller, params, body }) => filings.setPatient(caller, params.id, body.number, body.readBack),
  }),
]
