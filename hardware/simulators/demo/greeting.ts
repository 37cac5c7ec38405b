import { BAUD } from './bridge.ts'
import type { Guest, Hospital } from './hospital.ts'
import { paint } from './paint.ts'

const row = (label: string, text: string): string => `  ${label.padEnd(13)}${text}`

/** What to open and how to sign in, before anything else. */
export function greeting({ url, away, key, phones, air, link, mqtt, pid, log }: Hospital): string {
  return [
    '',
    `${paint('bold', 'Bleep Bridge')}: the real daemon in a made-up hospital. Nothing here pages anybody real.`,
    '',
    row('open', `${paint('bold', `${url}/console/`)}  the switchboard’s board; no sign-in on this machine`),
    ...(away === undefined
      ? []
      : [row('', `${away}/console/#sign-in=switchboard&key=${key}`), row('', 'the same from elsewhere')]),
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
export function guestLines(guest: Guest, qr: string | undefined): string {
  return [
    `Be ${paint('bold', guest.name)}, ${guest.role.toLowerCase()}: open this in a second window${qr === undefined ? '' : ', or scan it with a phone'},`,
    'and press “Enrol this phone”. From then on that phone is yours: nobody answers for it but you.',
    `  ${paint('bold', guest.link)}`,
    ...(qr === undefined ? [] : ['', ...qr.split('\n').map((line) => `  ${paint('paper', line)}`), '']),
    'The link works once, for 15 minutes. Without https a browser rings only while the page is open.',
  ].join('\n')
}
