import { compile } from '../kit/pattern.ts'

/**
 * What boxes and programs between a sender and us say for themselves, in a line of its own: device servers, terminal
 * servers, modems, receiver programs. Never a page, whatever the profile would make of it.
 */
const SAID = [
  'Port already in use\\W*',
  '(?:This )?[Pp]ort (?:is )?(?:in use|busy|not enabled|not available|disabled)(?: by \\S+)?\\W*',
  '(?:Device|Line|Resource|Device or resource) (?:is )?(?:busy|temporarily unavailable)\\W*|Connection timed out\\W*',
  'HTTP/\\d\\.\\d \\d{3}.*|SSH-\\d\\.\\d+-.*|220[ -].*(?:FTP|SMTP|ready|[Ww]elcome).*',
  '(?:GET|HEAD|POST|OPTIONS|CONNECT) \\S+ HTTP/.*|(?:Host|User-Agent|Accept|Referer|Cache-Control|(?:Accept|Content|Upgrade)-[A-Za-z-]+): .*',
  '(?:Device open failure|Failed to open (?:device|port)|Unable to (?:open|connect)|Connection (?:refused|closed|reset)).*',
  '(?:Closing |Disconnecting |Killing )(?:connection|port).*',
  'ser2net (?:port|connection|version) .*',
  '(?:.* )?(?:login|[Uu]sername|[Pp]assword): *',
  '(?:Last login|Escape character is|Trying \\d+\\.|Connected to|Welcome to|Press (?:Enter|any key|<Enter>)).*',
  '(?:Moxa|MOXA|NPort|Lantronix|Digi (?:One|PortServer)|Perle IOLAN|Xport|UDS\\d+)\\b[^!?]{0,60}',
  'AT(?:[A-Z0-9&+=?]*)|NO CARRIER|NO DIALTONE|CONNECT(?: \\d+.*)?',
  '(?:Found \\d+ device|Using device|Tuned to|Sampling at|Output at|Exact sample rate|Detached kernel|Allocating \\d+|Oversampling|Buffer size|Tuner gain|Signal caught|User cancel).*',
  '\\[R82XX\\].*|sox (?:WARN|FAIL).*|rtl_fm.*|usb_claim_interface.*',
].map((said) => compile(`\\s*(?:${said})\\s*`))

export function isNeighbour(line: string): boolean {
  return SAID.some((said) => said.match(line) !== undefined)
}
