import { createECDH, createPrivateKey } from 'node:crypto'
import { z } from 'zod'
import type { ConfigFault } from './fault.ts'
import type { Config } from './load.ts'

/** The file that Google gives for a service account; only what FCM needs of it. */
const serviceAccountSchema = z.object({
  project_id: z.string().min(1),
  client_email: z.email(),
  private_key: z.string().refine(isPrivateKey),
  token_uri: z.url({ protocol: /^https$/ }).optional(),
})
export type ServiceAccount = z.infer<typeof serviceAccountSchema>

export function readServiceAccount(json: string): ServiceAccount | undefined {
  try {
    return serviceAccountSchema.safeParse(JSON.parse(json)).data
  } catch {
    return undefined
  }
}

/** Keys that cannot sign anything: found at start, not at the first emergency. */
export function pushFaults({ push }: Pick<Config, 'push'>): readonly ConfigFault[] {
  const faults: ConfigFault[] = []
  const wrong = (path: string, detail: string) => faults.push({ path, code: 'config-value', detail })
  if (push.webpush && !/^[\w-]{87}$/.test(push.webpush.publicKey))
    wrong('push.webpush.publicKey', 'not 65 bytes in base64url')
  if (push.webpush && !/^[\w-]{43}$/.test(push.webpush.privateKey))
    wrong('push.webpush.privateKey', 'not 32 bytes in base64url')
  if (push.webpush && faults.length === 0 && !isPair(push.webpush.publicKey, push.webpush.privateKey))
    wrong('push.webpush.privateKey', 'not the other half of publicKey')
  if (push.apn && !isPrivateKey(push.apn.key)) wrong('push.apn.key', 'no private key in PEM')
  if (push.fcm && !readServiceAccount(push.fcm.serviceAccount))
    wrong('push.fcm.serviceAccount', 'not the JSON file of a service account')
  return faults
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

function isPrivateKey(pem: string): boolean {
  try {
    createPrivateKey(pem)
    return true
  } catch {
    return false
  }
}
