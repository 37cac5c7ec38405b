import { z } from 'zod'
import { say } from '../../catalogue/say.ts'
import type { Millis } from '../../instant.ts'
import { PARITIES } from '../kit/byte-to-text.ts'

const millis = (usual: number) => z.number().int().min(1).default(usual)

/** What a hardware profile may set for a TAP 1.8 feed. Spans in milliseconds; t and n are the specification's names. */
export const TapOptions = z
  .strictObject({
    /** `terminal`: we take pages. `client`: we send pages to another paging terminal. */
    role: z.enum(['terminal', 'client']).default('terminal'),
    /** Listen beside the terminal that answers: pages are taken, and not one byte is ever sent. */
    passive: z.boolean().default(false),
    /** TAP is a 7-bit code, yet many senders use 8N1: bit 7 is dropped unless the profile says otherwise. */
    parity: z.enum(PARITIES).default('strip'),
    /** Terminal: what asks for the log-on. Some senders want a CR behind it. */
    prompt: z.enum(['ID=', 'ID=\r']).default('ID='),
    /** Terminal: take blocks without log-on, as dedicated lines send them. Client: false sends them so. */
    logon: z.enum(['required', 'optional']).default('optional'),
    /** Terminal: refuse a service other than PG. */
    strict: z.boolean().default(false),
    /** Expected as terminal, sent as client. Any value is taken when unset. */
    password: z.string().max(32).optional(),
    /** Longest block, STX and last CR included. The specification says 256; senders exceed it. */
    maxBlock: z.number().int().min(64).max(4096).default(1024),
    /** Longest page over all its blocks. */
    maxMessage: z.number().int().min(256).max(16_384).default(4096),
    /** A block whose checksum did not fit is given up when the line pauses this long: the end may have been data. */
    pause: millis(300),
    /** A block that stops half-way is given up after this. */
    interByte: millis(1000),
    /** t5: wait for the log-on before the prompt is repeated. */
    logonWait: millis(8000),
    /** t4 times n2: a session without a block for this long is over, silently. */
    session: millis(12_000),
    /**
     * A block repeated within this time after our ACK is a resend whose answer was lost. Nothing shows that it was lost:
     * a second arrest reads the same, so it is not taken for one unless this is set. Passive: the other terminal's answer
     * is not heard, and 12 s are allowed. Milliseconds.
     */
    resendWindow: z.number().min(0).max(120_000).optional(),
    /** A page held in store longer than this gets no answer when the peer has spoken since. */
    patience: millis(3000),
    /** Client: t1, between the CRs that wake the terminal; t3, wait for an answer. */
    wakeEvery: millis(2000),
    answer: millis(10_000),
  })
  .refine((o) => !(o.passive && o.role === 'client'), {
    path: ['passive'],
    message: say('settings.clientSendsOnlyTerminalMay'),
  })

export type TapOptions = z.infer<typeof TapOptions>

/** How long a block like the last is its repetition, and no second call. */
export const resendWithin = (o: TapOptions): Millis => o.resendWindow ?? (o.passive ? 12_000 : 0)
