import type { Transporter } from 'nodemailer'
import { z } from 'zod'
import type { MailSettings } from '../../config/post.ts'
import type { Carried, Carrier, Letter } from '../../ports/post.ts'

/** How nodemailer says what went wrong: its own word, and the server's status. */
const failureSchema = z.object({ code: z.string().optional(), responseCode: z.number().optional() })

/** Letters by the site's own mail server (SMTP, RFC 5321): always encrypted, unless that is this machine. */
export function mail(settings: MailSettings, ca?: string): Carrier {
  let opened: Promise<Transporter> | undefined
  const open = async (): Promise<Transporter> => {
    const { createTransport } = await import('nodemailer')
    const { host, port, security, user, password } = settings
    return createTransport({
      ...{ host, port, secure: security === 'tls', requireTLS: security === 'starttls' },
      ignoreTLS: security === 'none',
      tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
      ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
      ...{ connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 15_000 },
      // Nothing that a letter says may make it read a file or a page.
      ...{ disableFileAccess: true, disableUrlAccess: true },
    })
  }

  return {
    async carry(letter, signal) {
      opened ??= open()
      const transport = await opened
      const late = new Promise<Carried>((done) => {
        signal.addEventListener('abort', () => done({ kind: 'later', fault: 'post-unreachable' }), {
          once: true,
        })
      })
      const sent = transport
        .sendMail(messageOf(letter, settings.from))
        .then((): Carried => ({ kind: 'taken' }), failed)
      return Promise.race([sent, late])
    },
    close() {
      void opened?.then((transport) => transport.close())
    },
  }
}

function messageOf({ id, to, subject, text, pages = {} }: Letter, from: string) {
  return {
    ...{ from, to: [...to], subject, text },
    // The same letter sent twice is one to whoever sorts by this.
    messageId: `<${id}@bleep-bridge>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    attachments: Object.entries(pages).map(([filename, content]) => ({ filename, content })),
  }
}

function failed(error: unknown): Carried {
  const { code, responseCode } = failureSchema.safeParse(error).data ?? {}
  // RFC 5321 clause 4.2.1: 5yz will not change by asking again. Nor will credentials that are refused.
  const lasting = code === 'EAUTH' || code === 'EENVELOPE' || (responseCode ?? 0) >= 500
  return lasting ? { kind: 'refused', fault: 'post-refused' } : { kind: 'later', fault: 'post-unreachable' }
}
