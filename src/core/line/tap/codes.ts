import { ACK, EOT, ESC, NAK, RS } from '../kit/control-characters.ts'

/** Response codes of TAP 1.8, section 4, as the line a person at the sender reads. A line begins with code and space. */
export const TAP_CODES = {
  110: '1.8',
  115: 'Goodbye',
  211: 'Page accepted',
  502: 'Unexpected characters before a page',
  503: 'Too many checksum errors',
  507: 'Log-on is malformed',
  508: 'Service not supported',
  509: 'Password is wrong',
  510: 'Pager number is missing',
  512: 'Cannot store now, send again later',
  513: 'Message is too long',
  514: 'Checksum does not fit',
  515: 'A field is missing',
} as const satisfies Record<number, string>

export type TapCode = keyof typeof TAP_CODES

/** End of a message sequence: accepted, send again, page abandoned, session over. */
export const END = {
  ack: [ACK],
  nak: [NAK],
  abandon: [RS],
  disconnect: [ESC, EOT],
} as const
