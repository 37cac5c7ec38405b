/** ISO 646 control characters by the names decoders print (multimon-ng's table; DEL is 7F). */
const CONTROL_NAMES =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  )
const CONTROL: ReadonlyMap<string, string> = new Map([
  ...CONTROL_NAMES.map((name, code) => [name, String.fromCharCode(code)] as const),
  ['DEL', '\x7f'] as const,
])

/** Printed names such as `<EOT>` turned back into the characters they stand for. */
export function withControls(raw: string): string {
  return raw.replace(/<([A-Z][A-Z0-9]{1,2})>/g, (whole, name: string) => CONTROL.get(name) ?? whole)
}
