import { type Compiled, compile } from '../kit/pattern.ts'

/**
 * What boxes and programs between a sender and us say for themselves, in a line of its own: device servers, terminal
 * servers, modems, receiver programs. Never a page, whatever the profile would make of it.
 */
const SAID = [
  'Port already in use\\W*',
  "(?:(?:This|The|Serial) )?[Pp]ort(?:'s device)? (?:is |was )?(?:already )?(?:in use|busy|locked|clos(?:ed|ing)|deleted|changed|failed open|not enabled|not available|disabled)(?: by .{1,40})?\\W*",
  '(?:No free port found|kicked off, new user is coming|Locked by another user|Too many (?:connections|users))\\W*',
  '(?:Access(?:ed)?|Permission) denied(?: due to .*)?\\W*|Login incorrect\\W*',
  '(?:Session|Idle|Login|Connection) (?:timed out|timeout|expired|terminated)\\W*',
  '\\d{3} (?:Too many (?:connections|users)|Service (?:not available|Unavailable)|Internal Server Error|Bad Gateway|Bad Request|Forbidden|Unauthorized)\\W*',
  '\\S+@\\S+:\\S*[#$] *|-?(?:ba)?sh: .*|\\S{1,40}: command not found',
  '(?:Debian|Ubuntu|Raspbian|OpenWrt).{0,60} tty\\w+\\W*',
  '(?:Error: )?(?:[Dd]evice|Line|Resource|Device or resource) (?:is )?(?:busy|temporarily unavailable)\\W*',
  'HTTP/\\d\\.\\d \\d{3}.*|SSH-\\d\\.\\d+-.*|220[ -].*(?:FTP|SMTP|ready|[Ww]elcome).*',
  '(?:GET|HEAD|POST|OPTIONS|CONNECT) \\S+ HTTP/.*|(?:Host|User-Agent|Accept|Referer|Cache-Control|(?:Accept|Content|Upgrade)-[A-Za-z-]+): .*',
  '(?:Device open failure|Failed to open (?:device|port)|Unable to (?:open|connect)|Connection (?:refused|closed|reset)).*',
  '(?:Closing |Disconnecting |Killing )(?:connection|port).*',
  'ser2net (?:port|connection|version) .*',
  '(?:.* )?(?:login|[Uu]sername|[Pp]assword): *',
  '(?:Last login|Escape character is|Trying \\d+\\.|Connected to|Welcome to|Press (?:Enter|any key|<Enter>)).*',
  '[* ]*(?:Moxa|MOXA|NPort|Lantronix|Digi (?:One|Connect|PortServer)|Perle IOLAN|Xport|UDS\\d+)\\b[^!?]{0,60}',
  'AT(?:[A-Z0-9&+=?]*)|NO CARRIER|NO DIALTONE|CONNECT(?: \\d+.*)?',
  '(?:Found \\d+ device|Using device|Tuned to|Sampling at|Output at|Exact sample rate|Detached kernel|Allocating \\d+|Oversampling|Buffer size|Tuner gain|Signal caught|User cancel).*',
  '\\[R82XX\\].*|sox (?:WARN|FAIL).*|rtl_fm.*|usb_claim_interface.*',
]

let compiled: readonly Compiled[] | undefined

/**
 * Tells whether a whole line is what a device server, a modem or a receiver's program says of itself, and so no page. Made
 * with the first feed that asks, before its port opens: other feeds' starts need not wait for twenty patterns.
 */
export function neighbours(): (line: string) => boolean {
  compiled ??= SAID.map((said) => compile(`\\s*(?:${said})\\s*`))
  const all = compiled
  return (line) => all.some((said) => said.match(line) !== undefined)
}
