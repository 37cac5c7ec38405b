import {
  type CipherGCM,
  createCipheriv,
  createECDH,
  createSecretKey,
  type ECDH,
  hkdfSync,
  randomBytes,
} from 'node:crypto'
import type { Millis } from '../../core/instant.ts'
import type { Clock, Timer } from '../../ports/clock.ts'

/** What a browser gives away for one subscription, base64url: its P-256 point and its secret (RFC 8291 clause 2). */
export interface Subscriber {
  readonly p256dh: string
  readonly auth: string
}

/** All of a sealed message that does not depend on what it says. For one message: its cipher seals no second. */
export interface Envelope {
  /** Salt, record size and our point (RFC 8188 clause 2.1). */
  readonly head: Buffer
  readonly cipher: CipherGCM
}

const SALT = 16
const POINT = 65
/** What every push service takes (RFC 8291 clause 4). */
const RECORD = 4096
const TAG = 16
/** Ends the one record that there is. */
const LAST = Buffer.of(2)

function ownPair(): ECDH {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  return pair
}

/**
 * RFC 8291 clause 3.4. The two of chance are given by tests alone.
 * @throws Error where the subscriber's point is none
 */
export function envelope({ p256dh, auth }: Subscriber, pair = ownPair(), salt = randomBytes(SALT)): Envelope {
  const theirs = Buffer.from(p256dh, 'base64url')
  const ours = pair.getPublicKey()
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), theirs, ours])
  const secret = derived(pair.computeSecret(theirs), Buffer.from(auth, 'base64url'), info, 32)
  const expand = (what: string, length: number): Buffer =>
    derived(secret, salt, Buffer.from(`Content-Encoding: ${what}\0`), length)
  const head = Buffer.concat([salt, Buffer.alloc(4), Buffer.of(POINT), ours])
  head.writeUInt32BE(RECORD, SALT)
  const key = createSecretKey(expand('aes128gcm', 16))
  return { head, cipher: createCipheriv('aes-128-gcm', key, expand('nonce', 12), { authTagLength: TAG }) }
}

/** HKDF with SHA-256 (RFC 5869). A key that is given as bytes costs Node an exception before it is read. */
function derived(secret: Buffer, salt: Buffer, info: Buffer, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', createSecretKey(secret), salt, info, length))
}

/** The body of one push. @throws Error where the envelope has been used */
export function sealed({ head, cipher }: Envelope, text: string): Buffer {
  const record = [cipher.update(text, 'utf8'), cipher.update(LAST), cipher.final()]
  return Buffer.concat([head, ...record, cipher.getAuthTag()])
}

/** Subscribers who have an envelope lying ready: 2 kB each. */
const MOST = 1000
/** So many are made at once, with a pause behind them: each takes longer than all else that a push costs. */
const AT_ONCE = 4
const PAUSE: Millis = 20

/** Envelopes made before they are needed. */
export class Envelopes {
  readonly #clock: Clock
  readonly #envelope: (to: Subscriber) => Envelope
  readonly #ready = new Map<string, Envelope>()
  #wanted: Subscriber[] = []
  #timer: Timer | undefined

  constructor(clock: Clock, make: (to: Subscriber) => Envelope = envelope) {
    this.#clock = clock
    this.#envelope = make
  }

  /** One that nobody else is given. @throws Error where the subscriber's point is none */
  take(to: Subscriber): Envelope {
    const name = nameOf(to)
    const ready = this.#ready.get(name)
    this.#ready.delete(name)
    return ready ?? this.#envelope(to)
  }

  /** Makes one for each in its own time. */
  want(some: readonly Subscriber[]): void {
    this.#wanted.push(...some.slice(0, MOST))
    this.#timer ??= this.#clock.after(PAUSE, () => this.#make())
  }

  close(): void {
    this.#timer?.cancel()
    this.#wanted = []
  }

  #make(): void {
    for (const to of this.#wanted.splice(0, AT_ONCE)) this.#put(to)
    this.#timer = this.#wanted.length > 0 ? this.#clock.after(PAUSE, () => this.#make()) : undefined
  }

  #put(to: Subscriber): void {
    const name = nameOf(to)
    if (this.#ready.has(name)) return
    try {
      this.#ready.set(name, this.#envelope(to))
    } catch {
      // Whoever sends to it finds out, and says so.
    }
    const [oldest] = this.#ready.size > MOST ? this.#ready.keys() : []
    if (oldest !== undefined) this.#ready.delete(oldest)
  }
}

const nameOf = ({ p256dh, auth }: Subscriber): string => `${p256dh} ${auth}`
