import { BAUD } from './bridge.ts'
import type { Guest, Hospital } from './hospital.ts'
import { paint } from './paint.ts'

const row = (label: string, text: string): string => `  ${label.padEnd(13)}${text}`

/** What to open and how to sign in, before anything else. */
export function greeting({ url, away, key }: Hospital): string {
  return [
    '',
    `${paint('bold', 'Bleep Bridge')}: the real daemon in a made-up hospital. Nothing here pages anybody real.`,
    '',
    row('open', `${paint('bold', `${url}/console/`)}  the switchboard’s board; no sign-in on this machine`),
    ...(away === undefined
      ? []
      : [row('', `${away}/console/#sign-in=switchboard&key=${key}`), row('', 'the same from elsewhere')]),
  ].join('\n')
}

/** What runs here, for whoever wants to know. */
export function machinery({ url, phones, air, link, mqtt, pid, log }: Hospital): string {
  return [
    '',
    row('listens to', `a pager transmitter (POCSAG, ${BAUD} bit/s) on ${air.path}`),
    row('', `a switchboard’s paging line (ESPA 4.4.4) on ${link.path}`),
    row('rings', `${phones} simulated phones by encrypted Web Push; one of them is out of reach`),
    row('tells', `MQTT ${mqtt} bleepbridge/demo/#, metrics ${url}/metrics`),
    row('runs', `as process ${pid}; its log is ${log}`),
    '',
    paint('quiet', 'Seconds count from the first byte on the line. Each alert has a number: #1, #2, …'),
    '',
  ].join('\n')
}

/** How a browser becomes a clinician's phone. */
export function guestLines({ name, role, link }: Guest, qr: string | undefined): string {
  return [
    row('be a doctor', paint('bold', link)),
    row('', `in a second window makes it the phone of ${name}, ${role.toLowerCase()}. From then`),
    row('', 'on you answer for it, and nobody else does. The link works once, for 15 minutes.'),
    ...(qr === undefined
      ? []
      : [
          row(
            '',
            'Scan it with a phone on this network; without https it rings only while the page is open.',
          ),
          '',
          ...qr.split('\n').map((line) => `  ${paint('paper', line)}`),
        ]),
  ].join('\n')
}
