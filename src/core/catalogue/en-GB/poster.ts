/** What hangs in the doctors’ mess: how a phone is set up, and the truth about silent mode. */
export const poster = {
  open: 'Poster to print: set up your phone',
  print: 'Print',
  title: 'Bleeps on your phone',
  scan: 'Scan this, then ask the switchboard for your code.',
  qr: 'QR code that opens the app',
  first: 'iPhone: press Share, then Add to Home Screen, and open it from there.',
  test: 'Each time you come on: open the app and press “Ring this phone”. Ten seconds.',
  answer: 'When it rings: open it, then press I’m coming, I’ll call back, or I can’t.',
  silentTitle: 'The truth about silent mode',
  silent: 'A phone on silent shows a bleep and makes no sound. Sound on, volume up.',
  focus: 'Focus and Do Not Disturb hide bleeps, unless you let the app through.',
  battery:
    'Low Power Mode and battery savers make bleeps late, or stop them. On Android choose Unrestricted under Battery. Keep a charger near.',
  pager: 'Keep your pager until you are told in writing that you may leave it.',
} as const
