import { createECDH } from 'node:crypto'
import { isIP } from 'node:net'
import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { say } from '../core/catalogue/say.ts'
import { isPrivateKey } from './authority.ts'
import type { ConfigFault } from './fault.ts'
import { type Resolved, secret } from './secret.ts'

/** The push services of the browsers: Chrome and what is built on it, Firefox, Safari, Edge. */
export const PUSH_SERVICES: readonly string[] = [
  'fcm.googleapis.com',
  '*.push.services.mozilla.com',
  '*.push.apple.com',
  '*.notify.windows.com',
]

/**
 * What a site sets for each kind of channel that leans on somebody outside: stated here and nowhere else. A kind with a
 * row here has an adapter in `io/channels/registry.ts`; the compiler asks for it.
 */
export const pushKinds = {
  webpush: z
    .strictObject({
      subject: z
        .string()
        .regex(/^(mailto:|https:)/)
        .meta({ description: 'VAPID contact (RFC 8292 clause 2.1)' }),
      publicKey: z.string().min(80).meta({ description: 'VAPID public key, base64url' }),
      privateKey: secret,
      ca: z.string().optional().meta({
        description: 'PEM file of a private push service on this machine, for tests: it may then be reached',
      }),
      services: z
        .array(z.string().regex(/^(\*\.)?[a-z0-9.-]+$/, 'a host name, `*.` before it for all below'))
        .optional()
        .meta({
          description:
            'Push services that a phone’s browser may name; nothing else is connected to. Default: those of the browsers',
        }),
    })
    .optional(),
  apn: z
    .strictObject({
      key: secret,
      keyId: z.string().length(10),
      teamId: z.string().length(10),
      topic: z.string().min(1),
      sandbox: z.boolean().default(false),
    })
    .optional(),
  fcm: z.strictObject({ serviceAccount: secret }).optional(),
  ntfy: z
    .strictObject({
      url: z
        .url()
        .meta({ description: 'The site’s own ntfy server, as this machine and the phones reach it' }),
      token: secret.meta({
        description: 'Access token with leave to publish; our buttons are signed with it',
      }),
      app: z.url().meta({ description: 'How phones reach Bleep Bridge, for buttons and links' }),
      ca: z
        .string()
        .optional()
        .meta({ description: 'PEM file of the authority that signed its certificate' }),
    })
    .optional()
    .meta({
      description: 'A ringer that holds its own connection: rings a locked phone with the internet cut',
    }),
  voice: z
    .strictObject({
      account: z
        .string()
        .regex(/^sips?:[^@\s<>]+@[^@\s<>]+$/, 'sip:NAME@EXCHANGE')
        .meta({ description: 'Who calls, as the exchange knows us' }),
      password: secret.optional(),
      register: z
        .boolean()
        .default(false)
        .meta({ description: 'Where the exchange takes calls of nobody else' }),
      domain: z.string().min(1).optional().meta({
        description: 'Calls go to sip:NUMBER@DOMAIN; default that of the account',
      }),
      parameters: z.string().optional().meta({
        description:
          'More of the account, as baresip writes it: outbound="sip:sbc.example.nhs.uk";mediaenc=srtp',
      }),
      address: z
        .string()
        .optional()
        .meta({ description: 'Address of this machine that the exchange sees; default any' }),
      lines: z.int().min(1).max(50).default(4).meta({
        description: 'Calls at once; the last line is kept for emergencies where there are several',
      }),
      program: z.string().default('baresip'),
      modules: z.string().default('/usr/lib/baresip/modules'),
      speech: z.string().default('espeak-ng'),
      voice: z.string().default('en-gb').meta({ description: 'A voice of espeak-ng' }),
      recordings: z.string().optional().meta({
        description:
          'Folder with recordings of the site, emergency.wav and so on: played in place of the spoken words',
      }),
    })
    .optional()
    .meta({ description: 'Telephone calls through the hospital’s exchange, by baresip (config/voice.md)' }),
  notify: z
    .strictObject({
      apiKey: secret,
      template: z.guid().meta({ description: 'A text template whose text has the gap ((message))' }),
      url: z.url().default('https://api.notifications.service.gov.uk'),
      replies: z.boolean().default(false).meta({
        description: 'The service has a number that takes replies: texts that say 1 or 2 are answers',
      }),
    })
    .optional()
    .meta({ description: 'Texts by GOV.UK Notify' }),
  modem: z
    .strictObject({
      outbox: z.string().min(1).meta({ description: 'outboxpath of gammu-smsd' }),
      sent: z.string().min(1).meta({ description: 'sentsmspath' }),
      error: z.string().min(1).meta({ description: 'errorsmspath' }),
      inbox: z.string().min(1).optional().meta({
        description:
          'inboxpath: texts that say 1 or 2 are answers, with DeliveryReport = sms reports of the network too',
      }),
      penceEach: z.number().nonnegative().max(100).default(0).meta({
        description: 'What a text costs by this SIM card, in pence, for the metric of costs',
      }),
    })
    .optional()
    .meta({ description: 'Texts by a modem, through gammu-smsd’s file spool: needs no internet' }),
  nudge: z
    .strictObject({ url: z.url(), token: secret.optional() })
    .optional()
    .meta({ description: 'SMS-shaped nudge: a web hook that is told whom to wake, never why' }),
}
export type PushKind = keyof typeof pushKinds

/** Settings of each kind, secrets in plain text. */
export type PushSettings = { [K in PushKind]: Resolved<NonNullable<z.infer<(typeof pushKinds)[K]>>> }

export const PUSH_KINDS = Object.keys(pushKinds) as readonly PushKind[]

/** The file that Google gives for a service account; only what FCM needs of it. */
const serviceAccountSchema = z.object({
  project_id: z.string().min(1),
  client_email: z.email(),
  private_key: z.string().refine(isPrivateKey),
  token_uri: z.url({ protocol: /^https$/ }).default('https://oauth2.googleapis.com/token'),
})
export type ServiceAccount = z.infer<typeof serviceAccountSchema>

/** @throws where the text is no such file, which `pushFaults` has said before anything starts */
export function readServiceAccount(json: string): ServiceAccount {
  return serviceAccountSchema.parse(JSON.parse(json))
}

type Flaw = readonly [setting: string, detail: string]

/** What no schema sees: keys that cannot sign anything, found at start, not at the first emergency. */
const FLAWS: { readonly [K in PushKind]: (settings: PushSettings[K]) => readonly Flaw[] } = {
  webpush({ publicKey, privateKey }) {
    const flaws: Flaw[] = []
    if (!/^[\w-]{87}$/.test(publicKey)) flaws.push(['publicKey', say('settings.publicKeyLength')])
    if (!/^[\w-]{43}$/.test(privateKey)) flaws.push(['privateKey', say('settings.privateKeyLength')])
    if (flaws.length === 0 && !isPair(publicKey, privateKey))
      flaws.push(['privateKey', say('settings.notTheOtherHalfOf')])
    return flaws
  },
  apn: ({ key }) => (isPrivateKey(key) ? [] : [['key', say('settings.noPrivateKeyInPem')]]),
  fcm({ serviceAccount }) {
    try {
      readServiceAccount(serviceAccount)
      return []
    } catch {
      return [['serviceAccount', say('settings.notJsonFileServiceAccount')]]
    }
  },
  ntfy({ url, token, app }) {
    const flaws: Flaw[] = []
    for (const [name, value] of Object.entries({ url, app }))
      if (!/^https?:/.test(value)) flaws.push([name, say('settings.neitherHttpNorHttps')])
    if (/(^|\.)ntfy\.sh$/.test(new URL(url).hostname))
      flaws.push(['url', say('settings.publicServerUseOneYour')])
    if (token.length < 16) flaws.push(['token', say('settings.shorterThanAnyTokenOf')])
    return flaws
  },
  voice({ domain, password, recordings, address }) {
    const flaws: Flaw[] = []
    if (domain !== undefined && /[@;\s]/.test(domain)) flaws.push(['domain', say('settings.notTheNameOfAn')])
    if (password !== undefined && /[;<>"\s]/.test(password))
      flaws.push(['password', say('settings.signBaresipCannotGivenGap')])
    if (recordings !== undefined && !isAbsolute(recordings))
      flaws.push(['recordings', say('settings.notWholePathFolder')])
    if (address !== undefined && isIP(address) === 0) flaws.push(['address', say('settings.notAnAddress')])
    return flaws
  },
  notify: ({ apiKey }) =>
    /(-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){2}$/.test(apiKey)
      ? []
      : [['apiKey', say('settings.notKeyGovUkNotify')]],
  modem: ({ outbox, sent, error, inbox = '/' }) =>
    Object.entries({ outbox, sent, error, inbox })
      .filter(([, folder]) => !isAbsolute(folder))
      .map(([name]): Flaw => [name, say('settings.notWholePathFolder')]),
  nudge: ({ url }) => (/^https?:/.test(url) ? [] : [['url', say('settings.neitherHttpNorHttps')]]),
}

export function pushFaults({
  push,
}: {
  readonly push: { readonly [K in PushKind]?: PushSettings[K] | undefined }
}): readonly ConfigFault[] {
  const faultsOf = <K extends PushKind>(kind: K): readonly ConfigFault[] => {
    const settings = push[kind]
    if (settings === undefined) return []
    return FLAWS[kind](settings).map(([setting, detail]) => ({
      ...{ path: `push.${kind}.${setting}`, code: 'config-value', detail },
    }))
  }
  return PUSH_KINDS.flatMap((kind) => faultsOf(kind))
}

function isPair(publicKey: string, privateKey: string): boolean {
  const pair = createECDH('prime256v1')
  try {
    pair.setPrivateKey(privateKey, 'base64url')
    return pair.getPublicKey('base64url') === publicKey
  } catch {
    return false
  }
}
