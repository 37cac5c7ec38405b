import { z } from 'zod'
import { OPERATOR_ROLES } from '../core/govern/permit.ts'
import { secret } from './secret.ts'

const role = z.enum(OPERATOR_ROLES)
const claim = z.string().min(1).max(120)

/** Who vouches for people, and what we take from it. */
export const identity = z.strictObject({
  provider: z
    .strictObject({
      title: z.string().min(1).max(40).meta({ description: 'What people call it: the button says so' }),
      issuer: z.url().meta({ description: 'Its issuer, as in its openid-configuration' }),
      clientId: z.string().min(1),
      clientSecret: secret.optional(),
      scope: z.string().default('openid profile'),
      claims: z
        .strictObject({
          name: claim.default('preferred_username').meta({ description: 'What the record calls them' }),
          person: claim.default('employee_id').meta({ description: 'Their id in the directory' }),
          groups: claim.default('groups'),
        })
        .prefault({}),
      roles: z
        .array(z.strictObject({ group: z.string().min(1), role }))
        .default([])
        .meta({ description: 'Group → role at the console; the first that fits' }),
      lastsMinutes: z.number().int().min(5).max(1440).default(720).meta({
        description: 'How long a sign-in lasts; short where the provider cannot tell us of a sign-out',
      }),
      skewSeconds: z.number().int().min(0).max(300).default(60),
      phones: z.boolean().default(true).meta({ description: 'People may take up their own phone with it' }),
    })
    .optional()
    .meta({ description: 'OpenID Connect: NHSmail or Entra ID, CIS2, Keycloak' }),
  leaversHeldPercent: z.number().int().min(1).max(100).default(5).meta({
    description:
      'Leavers of a day, of all whom the directory lists, beyond which none go without a person’s word',
  }),
  scim: z
    .strictObject({ token: secret.meta({ description: 'What the provisioning shows as its bearer token' }) })
    .optional()
    .meta({ description: 'The trust’s directory tells us of joiners, movers and leavers at /scim/v2' }),
  ldap: z
    .strictObject({
      url: z.string().regex(/^ldaps?:\/\//),
      user: z.string().optional(),
      password: secret.optional(),
      base: z.string().min(1),
      filter: z.string().default('(objectClass=inetOrgPerson)'),
      attributes: z
        .strictObject({
          person: z.string().default('employeeNumber'),
          login: z.string().default('uid'),
          name: z.string().default('cn'),
          staffGroup: z.string().default('employeeType'),
          phone: z.string().default('telephoneNumber'),
        })
        .prefault({}),
      everySeconds: z.number().int().min(5).default(45),
    })
    .optional()
    .meta({ description: 'Or we read it: who is found there is here, and who is not has left' }),
  newPhones: z.enum(['tell', 'confirm']).default('tell').meta({
    description:
      'A second phone of somebody: told to the first, or waiting until they say there that it is theirs',
  }),
  wordsMinutes: z.partialRecord(role, z.number().int().min(1)).default({}).meta({
    description: 'How long a console may be left alone before words of bleeps are hidden until a new sign-in',
  }),
})
