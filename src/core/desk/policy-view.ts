import { z } from 'zod'

/** What the policy page says, as data: made from what runs. Names of people only for who may see them. */
const policyView = z.object({
  site: z.string(),
  made: z.iso.datetime(),
  approval: z
    .object({
      title: z.string(),
      version: z.string(),
      by: z.string().optional(),
      on: z.string().optional(),
      review: z.string().optional(),
      overdue: z.boolean(),
    })
    .optional(),
  data: z.array(z.object({ what: z.string(), where: z.string() })),
  leaves: z.array(z.string()),
  kept: z.array(z.object({ what: z.string(), days: z.number() })),
  readers: z.array(
    z.object({ role: z.string(), words: z.enum(['all', 'masked', 'place', 'nothing']), names: z.boolean() }),
  ),
  rules: z.array(z.string()),
  terms: z
    .object({
      version: z.string(),
      people: z.number(),
      signed: z.number(),
      unsigned: z.array(z.string()).optional(),
    })
    .optional(),
  drill: z
    .object({
      months: z.number(),
      undrilled: z.number(),
      names: z.array(z.string()).optional(),
      waived: z.array(z.object({ name: z.string(), by: z.string(), reason: z.string(), until: z.string() })),
    })
    .optional(),
})
export type PolicyView = z.infer<typeof policyView>

/** Where data lies and what leaves, as the configuration has it. */
export interface DataPlaces {
  readonly data: PolicyView['data']
  readonly leaves: PolicyView['leaves']
  readonly kept: PolicyView['kept']
}
