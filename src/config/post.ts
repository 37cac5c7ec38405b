import { isIP } from 'node:net'
import { z } from 'zod'
import { say } from '../core/catalogue/say.ts'
import type { ConfigFault } from './fault.ts'
import { type Resolved, secret } from './secret.ts'

const address = z.email()
const list = z.array(address).max(50).default([])
const afterMs = z
  .int()
  .min(0)
  .max(3_600_000)
  .default(60_000)
  .meta({ description: 'What is over sooner is not told, milliseconds' })
const severity = z.enum(['info', 'warning', 'alarm'])

/** Letters for what is not urgent: never a bleep, never a patient's words. */
export const mailSchema = z
  .strictObject({
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).default(587),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .default('starttls')
      .meta({ description: 'none: only to a server on this machine' }),
    user: z.string().optional(),
    password: secret.optional(),
    ca: z.string().optional().meta({ description: 'PEM file of the authority that signed its certificate' }),
    from: address,
    reports: list.meta({ description: 'Get the report of each shift' }),
    shiftLog: list.meta({ description: 'Get the sheet of the last day each morning, without words' }),
    faults: list.meta({ description: 'Get a digest of technical faults' }),
    least: severity.default('warning').meta({ description: 'Least grave fault of the digest' }),
    digestMs: z
      .int()
      .min(1000)
      .max(86_400_000)
      .default(3_600_000)
      .meta({ description: 'A digest at most so often, milliseconds' }),
    afterMs,
  })
  .optional()
  .meta({ description: 'Email for what is not urgent' })

const hook = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, say('settings.hookName')),
  url: z.url({ protocol: /^https?$/ }),
  secret,
  shape: z.enum(['teams', 'slack', 'plain']).default('plain'),
  least: severity.default('alarm').meta({ description: 'Least grave fault that is told' }),
  afterMs,
})
export const hooksSchema = z
  .array(hook)
  .max(20)
  .default([])
  .meta({ description: 'Web hooks for technical alerts of estates, signed; never for bleeps' })

export type MailSettings = Resolved<NonNullable<z.infer<typeof mailSchema>>>
export type HookSettings = Resolved<z.infer<typeof hook>>

/** What no schema sees: letters that would go out in the clear, hooks that share a name. */
export function postFaults({
  mail,
  hooks,
}: {
  readonly mail?: MailSettings | undefined
  readonly hooks: readonly HookSettings[]
}): readonly ConfigFault[] {
  const faults: ConfigFault[] = []
  const wrong = (path: string, detail: string) => faults.push({ path, code: 'config-value', detail })
  if (mail?.security === 'none' && !isHere(mail.host)) wrong('mail.security', say('settings.mailInTheClear'))
  if (mail?.user !== undefined && mail.password === undefined)
    wrong('mail.password', say('settings.mailPasswordMissing'))
  hooks.forEach(({ name, url, secret: key }, i) => {
    if (name === 'mail' || hooks.findIndex((one) => one.name === name) < i)
      wrong(`hooks.${i}.name`, say('settings.hookNameTaken'))
    const { protocol, hostname } = new URL(url)
    if (protocol !== 'https:' && !isHere(hostname)) wrong(`hooks.${i}.url`, say('settings.hookInTheClear'))
    if (key.length < 16) wrong(`hooks.${i}.secret`, say('settings.hookSecretShort'))
  })
  return faults
}

function isHere(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'))
}
