// Long because it is one table: code → class, severity, HTTP status, sentence, what to do.

/** Classes of fault (src/README.md, Faults): what carries it and who must act. */
export type FaultClass = 'line' | 'config' | 'refused' | 'passing' | 'lasting' | 'bug'
export type Severity = 'info' | 'warning' | 'alarm'

export interface Fault {
  readonly class: FaultClass
  readonly severity: Severity
  /** HTTP status when it answers a request. */
  readonly status: number
  readonly sentence: string
  /** What the reader should do. */
  readonly remedy: string
}

const fault = (
  c: FaultClass,
  severity: Severity,
  status: number,
  sentence: string,
  remedy: string,
): Fault => ({
  class: c,
  severity,
  status,
  sentence,
  remedy,
})

/** The one table of faults: code → class, severity, HTTP status, sentence, what to do. Sorted by area. */
export const FAULTS = {
  // line: noise and broken frames, kept as values and counted
  'line-noise': fault(
    'line',
    'info',
    500,
    'Bytes on the line fit no record of the protocol',
    'Check baud rate, parity and wiring if the count climbs',
  ),
  'line-too-long': fault(
    'line',
    'warning',
    500,
    'A record grew past its limit and was cut off',
    'Check the framing settings of the profile',
  ),
  'checksum-bad': fault(
    'line',
    'warning',
    500,
    'A block failed its checksum',
    'Check cable, earth and parity; the sender repeats the block',
  ),
  'parity-bad': fault(
    'line',
    'warning',
    500,
    'A character failed its parity',
    'Check data bits and parity of the profile',
  ),
  'codeword-bad': fault(
    'line',
    'info',
    500,
    'A POCSAG codeword could not be repaired',
    'Check signal level or wiring if the rate climbs',
  ),
  'sync-lost': fault(
    'line',
    'info',
    500,
    'POCSAG synchronisation was lost inside a transmission',
    'Check signal level; repeated losses mean a clock or wiring fault',
  ),
  'address-lost': fault(
    'line',
    'warning',
    500,
    'Message codewords came whose address codeword could not be read',
    'Look at the raw capture if a call is missing; check signal level if it recurs',
  ),
  'ghost-page': fault(
    'line',
    'info',
    500,
    'A page decoded from noise was held back',
    'None; counted so that the gate can be checked',
  ),
  'ric-unknown': fault(
    'line',
    'warning',
    500,
    'A page named an address that no directory holds',
    'Add the address to the number plan or mark it as foreign',
  ),
  'record-unmatched': fault(
    'line',
    'warning',
    500,
    'A line fits no pattern of the profile',
    'Add a pattern or a noise pattern to the profile',
  ),
  'frame-interrupted': fault(
    'line',
    'warning',
    500,
    'A block stopped half-way',
    'Check the sender and the cable',
  ),
  'block-malformed': fault(
    'line',
    'warning',
    500,
    'A block passed its checksum but its records make no sense',
    'Compare the captured block with the manual of the sender',
  ),
  'block-unconfirmed': fault(
    'line',
    'warning',
    500,
    'A block was seen on the tap but the paging system did not accept it',
    'Check the second wire of the tap, then the paging system',
  ),
  'page-unsendable': fault(
    'line',
    'warning',
    500,
    'A page has no address or is too long for the line it was to go out on',
    'Send it by another feed, or correct the number plan',
  ),
  'send-queue-full': fault(
    'line',
    'alarm',
    503,
    'Too many pages wait to go out on this line',
    'Check the peer: it takes pages too slowly or not at all',
  ),
  'peer-silent': fault(
    'line',
    'alarm',
    504,
    'The far end of the line did not answer',
    'Check the cable and the peer; the page goes by another path',
  ),
  'record-invalid': fault(
    'refused',
    'warning',
    400,
    'A record to be encoded is not what the protocol can carry',
    'Use the keys and text values that bleepd decode prints for the protocol',
  ),
  'role-cannot-send': fault(
    'config',
    'warning',
    500,
    'A page was to go out through a feed that only takes pages in',
    'Give the feed the control or client role, or send by another feed',
  ),
  'block-refused': fault(
    'line',
    'warning',
    500,
    'The peer refused our block',
    'Check the peer; the page goes by another path',
  ),

  // profiles of hardware
  'profile-unknown': fault(
    'config',
    'alarm',
    422,
    'There is no hardware profile of that name',
    'Look into hardware/profiles for the names, or give the path of a file of your own',
  ),
  'profile-invalid': fault(
    'config',
    'alarm',
    422,
    'A hardware profile does not fit its schema',
    'Correct the places named',
  ),

  // port: the physical line, supervised by run/port.ts
  'port-absent': fault(
    'passing',
    'alarm',
    503,
    'The port does not exist',
    'Plug the adapter in again; check the path in the configuration and the udev rule',
  ),
  'port-busy': fault(
    'passing',
    'alarm',
    503,
    'Another program holds the port',
    'Stop the other program; one owner only may read a line',
  ),
  'port-denied': fault(
    'lasting',
    'alarm',
    503,
    'The daemon may not open the port',
    'Put the daemon’s user into the group that owns the port (dialout), or install the udev rule',
  ),
  'port-not-tty': fault(
    'lasting',
    'alarm',
    503,
    'The path is not a serial port',
    'Correct the path in the configuration',
  ),
  'port-unplugged': fault(
    'passing',
    'alarm',
    503,
    'The port vanished while it was open',
    'Plug the adapter in again; it is re-opened by itself',
  ),
  'port-failed': fault(
    'passing',
    'alarm',
    503,
    'The port reported an error',
    'Look at the detail; the port is re-opened by itself',
  ),
  'peer-unreachable': fault(
    'passing',
    'alarm',
    503,
    'The device server or peer cannot be reached',
    'Check its power, address and the network between',
  ),
  'peer-closed': fault(
    'passing',
    'alarm',
    503,
    'The peer closed the connection',
    'Check that no other program uses the device server; it is re-opened by itself',
  ),
  'peer-refused': fault(
    'line',
    'warning',
    503,
    'A second peer connected to a line that has one owner, or one that is not allowed, and was turned away',
    'Find out who else connects; one sender only may own a line',
  ),
  'listen-failed': fault(
    'passing',
    'alarm',
    503,
    'The listening address cannot be opened',
    'Check that no other program listens there and that the address belongs to this machine',
  ),
  'line-not-up': fault(
    'passing',
    'alarm',
    503,
    'The line has not come up: nobody has connected, or the port does not answer',
    'Check that the peer is told our address, or that the port is not held off by its handshake wires',
  ),
  'write-timeout': fault(
    'passing',
    'alarm',
    503,
    'Bytes could not be put on the line in time',
    'Check handshake wires and flow control; the other end may be holding us off',
  ),
  'line-closed': fault(
    'passing',
    'warning',
    503,
    'Nothing was written because the line is not open',
    'None if the port is being re-opened',
  ),
  'line-listen-only': fault(
    'bug',
    'alarm',
    500,
    'Something tried to write to a line that is only listened to; not one byte left',
    'Report it with the log: this is a defect of the daemon',
  ),
  'line-silent': fault(
    'passing',
    'alarm',
    503,
    'Nothing was heard on the line for longer than its profile allows',
    'Check that the sender is switched on, then the cable, then the line settings with bleepd doctor',
  ),
  'line-garbage': fault(
    'line',
    'alarm',
    503,
    'Most of what arrives on the line fits nothing',
    'Run bleepd doctor on the port: rate, parity or protocol of the profile is wrong, or the wiring is',
  ),
  'capture-unwritable': fault(
    'passing',
    'warning',
    503,
    'The raw capture of a line cannot be written',
    'Check space and permission of the capture folder; pages are not affected',
  ),
  'capture-unreadable': fault(
    'lasting',
    'warning',
    503,
    'The capture file cannot be read or is not a capture',
    'Check the path; the format is described in hardware/README.md',
  ),
  // config: all printed at once, exit 78, never half-started
  'config-unreadable': fault(
    'config',
    'alarm',
    500,
    'The configuration file cannot be read',
    'Check the path after --config and its permissions',
  ),
  'config-syntax': fault(
    'config',
    'alarm',
    500,
    'The file is not valid YAML here',
    'Check indentation and quotes on and above this line',
  ),
  'config-missing': fault(
    'config',
    'alarm',
    500,
    'A setting that has no default is missing',
    'Add it; config/bridge.example.yaml shows every setting',
  ),
  'config-value': fault(
    'config',
    'alarm',
    500,
    'A setting has a value that cannot be used',
    'Correct it; config/bridge.example.yaml shows every setting',
  ),
  'config-unknown-key': fault(
    'config',
    'alarm',
    500,
    'There is no such setting',
    'Look for a slip of spelling; config/bridge.example.yaml shows every setting',
  ),
  'config-doubled': fault(
    'config',
    'alarm',
    500,
    'The same id is used twice where it must be the only one',
    'Rename or remove one of them',
  ),
  'config-secret': fault(
    'config',
    'alarm',
    500,
    'A secret cannot be read',
    'Create the file, readable by the daemon only, or set the environment variable',
  ),
  'config-unresolved': fault(
    'config',
    'alarm',
    500,
    'A name points at nothing',
    'Correct the name or add what it names',
  ),
  // store
  'page-lost': fault(
    'lasting',
    'alarm',
    503,
    'Pages heard while the database was away had to be given up',
    'Mend the database; the raw capture of the line still holds them and can be replayed',
  ),
  'store-busy': fault(
    'passing',
    'warning',
    503,
    'The database is busy and did not take the write in time',
    'None at first; if it lasts, look for another program that holds the database file',
  ),
  'store-full': fault(
    'lasting',
    'alarm',
    503,
    'The database has no space left',
    'Free disk space now: nothing new is accepted, and pagers go on working without us',
  ),
  'store-lost': fault(
    'lasting',
    'alarm',
    503,
    'The database cannot be read or written',
    'Check disk, file permissions and the database server; nothing new is accepted until it answers',
  ),

  // delivery: one alert to one device by one channel
  'attempt-expired': fault(
    'passing',
    'warning',
    503,
    'A call could not be handed to a phone while ringing would still have helped',
    'None for the call: the alert took its next path. Look at the provider faults before it',
  ),
  'provider-unavailable': fault(
    'passing',
    'warning',
    503,
    'A push provider answered that it cannot serve now',
    'None: tried again by itself; emergencies also go over the hospital network',
  ),
  'provider-busy': fault(
    'passing',
    'warning',
    503,
    'A push provider asked us to slow down',
    'None: tried again when the provider allows; if it persists, ask the provider for a higher quota',
  ),
  'provider-timeout': fault(
    'passing',
    'warning',
    503,
    'A push provider did not answer in time',
    'Check the way out to the internet (proxy, firewall); tried again by itself',
  ),
  'provider-unreachable': fault(
    'passing',
    'alarm',
    503,
    'A push provider cannot be reached',
    'Check the way out to the internet (name resolution, proxy, firewall); tried again by itself',
  ),
  'provider-untrusted': fault(
    'passing',
    'alarm',
    503,
    'A push provider showed a certificate that is not trusted',
    'Check the clock of this machine, and whether a proxy opens TLS without its authority being configured',
  ),
  'provider-circuit-open': fault(
    'passing',
    'warning',
    503,
    'A push provider has failed so often that calls to it are held back for a moment',
    'Look at the provider faults before it; it is tried again by itself',
  ),
  'provider-credentials': fault(
    'lasting',
    'alarm',
    503,
    'A push provider refused our credentials',
    'Check keys, key id, team id and sender in the configuration, and the clock of this machine',
  ),
  'push-address-dead': fault(
    'lasting',
    'warning',
    410,
    'The phone’s push address no longer exists',
    'The device is used no more; its owner enrols again',
  ),
  'push-address-bad': fault(
    'lasting',
    'warning',
    400,
    'The stored push address cannot be understood',
    'The device is used no more; its owner enrols again',
  ),
  'push-too-large': fault(
    'bug',
    'alarm',
    500,
    'A push was larger than the provider accepts and was not sent',
    'Report it with the log: a doorbell is always small',
  ),
  'push-refused': fault(
    'lasting',
    'alarm',
    502,
    'A push provider refused the push for good',
    'Look at the detail in the log; the alert took its next path',
  ),
  'channel-absent': fault(
    'lasting',
    'alarm',
    503,
    'A device uses a channel that is not configured',
    'Configure the channel, or enrol the device by another',
  ),
  'socket-absent': fault(
    'passing',
    'info',
    404,
    'The device is not connected over the hospital network now',
    'None: it is rung by its other way as well',
  ),
  'radio-refused': fault(
    'lasting',
    'alarm',
    502,
    'The paging equipment refused to send the page again',
    'Page by hand from the switchboard, and look at the link to the paging equipment',
  ),
  'radio-no-answer': fault(
    'passing',
    'alarm',
    504,
    'The paging equipment did not acknowledge the page that was sent again',
    'Page by hand from the switchboard; it is tried again by itself',
  ),
  'device-absent': fault(
    'lasting',
    'warning',
    404,
    'The device is no longer enrolled',
    'None: the alert took its next path',
  ),

  // desk: what HTTP and MQTT ask of us (ports/desk.ts)
  'not-signed-in': fault(
    'refused',
    'warning',
    401,
    'The request carries no valid sign-in',
    'Sign in at the console, or enrol the device again with a code from the switchboard',
  ),
  'not-permitted': fault(
    'refused',
    'warning',
    403,
    'This sign-in may not do that',
    'Ask the switchboard or the administrator; the role table says who may',
  ),
  'cross-site': fault(
    'refused',
    'warning',
    403,
    'The request came from another site’s page and was refused',
    'Use the console or the app at its own address',
  ),
  'request-invalid': fault(
    'refused',
    'info',
    400,
    'The request does not fit its schema',
    'Compare it with /openapi.json; the detail names the field',
  ),
  'route-unknown': fault(
    'refused',
    'info',
    404,
    'There is nothing at this address',
    'Check the address against /openapi.json',
  ),
  'too-many-requests': fault(
    'refused',
    'warning',
    429,
    'Too many tries in a short time',
    'Wait a minute, then try again',
  ),
  'request-failed': fault(
    'bug',
    'alarm',
    500,
    'The daemon failed on this request',
    'Report it with the log; nothing was changed unless the answer says so',
  ),
  'alert-unknown': fault(
    'refused',
    'info',
    404,
    'No alert has this id, or it is none of yours',
    'Open the board or the inbox again',
  ),
  'review-unknown': fault(
    'refused',
    'info',
    404,
    'No bleep with this id waits for the switchboard',
    'Open the board again: somebody may have seen to it',
  ),
  'attempt-unknown': fault(
    'refused',
    'info',
    404,
    'No attempt of this device has this id',
    'None; the device pulls its inbox again',
  ),
  'device-unknown': fault('refused', 'info', 404, 'No device has this id', 'Look at the list of devices'),
  'person-unknown': fault(
    'refused',
    'info',
    404,
    'Nobody in the directory has this id',
    'Pick somebody from the directory',
  ),
  'role-unknown': fault(
    'refused',
    'info',
    404,
    'No role in the directory has this id',
    'Pick a role from the directory',
  ),
  'answer-stale': fault(
    'refused',
    'info',
    409,
    'Somebody acted on this alert since it was last looked at',
    'Look at what stands, then answer again if it still makes sense',
  ),
  'answer-not-asked': fault(
    'refused',
    'info',
    409,
    'This person was not asked on this alert',
    'The switchboard can ask their role as well',
  ),
  'answer-late': fault(
    'refused',
    'info',
    409,
    'The alert was already closed; the answer is on its record',
    'None needed',
  ),
  'answerer-unclear': fault(
    'refused',
    'info',
    409,
    'This shared device cannot tell who is answering',
    'Take the role on this device first, or answer on your own phone',
  ),
  'code-wrong': fault(
    'refused',
    'warning',
    403,
    'The enrolment code is wrong, used or expired',
    'Ask the switchboard for a new code',
  ),
  'answer-overtaken': fault(
    'refused',
    'info',
    409,
    'It was already done, by somebody else or in another way',
    'Look at what stands; nothing more is needed unless you disagree with it',
  ),
  'duty-needs-handover': fault(
    'refused',
    'warning',
    409,
    'This person alone holds a crash role',
    'Hand the role over first; the switchboard can force it',
  ),
  'offer-gone': fault(
    'refused',
    'info',
    409,
    'The hand-over is no longer open',
    'Look at who holds the role now',
  ),
  'not-yours': fault(
    'refused',
    'warning',
    403,
    'This person does not hold the role',
    'Only the holder hands a role over; the switchboard can force it',
  ),
  'self-test-impossible': fault(
    'refused',
    'warning',
    409,
    'This device has no way to be rung',
    'Allow notifications for the app and try again',
  ),

  'phones-unseen': fault(
    'lasting',
    'warning',
    503,
    'Most phones of a group have not been heard of for a day',
    'Check the group’s network and app on one of them with its self-test; pagers go on working without them',
  ),

  // broker: MQTT telemetry and devices on the LAN
  'broker-unreachable': fault(
    'passing',
    'warning',
    503,
    'The MQTT broker cannot be reached',
    'Check its address, power and the network between; bleeps are not affected and telemetry resumes by itself',
  ),
  'broker-refused': fault(
    'lasting',
    'alarm',
    503,
    'The MQTT broker refused our credentials',
    'Correct user, password or certificate of the broker in the configuration',
  ),
  'broker-timeout': fault(
    'passing',
    'warning',
    504,
    'The MQTT broker did not confirm a message in time',
    'Check the load and disk of the broker; retained states are sent again at the next connect',
  ),

  // watchers outside
  'air-not-heard': fault(
    'passing',
    'alarm',
    503,
    'A page that the switchboard asked for was not heard on the air, or only garbled',
    'Compare with other transmitters: one alone means its feeder, power or aerial; all mean the encoder or our tap',
  ),
  'heartbeat-unconfirmed': fault(
    'passing',
    'warning',
    503,
    'The watcher outside did not confirm our beat',
    'Check the way out to its address; it raises its own alarm when beats stay away',
  ),

  // config: every fault of the files at once, each with file and line
  'file-missing': fault(
    'config',
    'alarm',
    500,
    'A file that the configuration needs is not there',
    'Create the file or correct the path; config/sites/demo shows every file of a site',
  ),
  'file-unreadable': fault(
    'config',
    'alarm',
    500,
    'A file cannot be read',
    'Check its permissions and that it is a text file in UTF-8',
  ),
  'csv-broken': fault(
    'config',
    'alarm',
    500,
    'A line of a CSV file has the wrong number of cells or a stray quote',
    'Correct the line; put cells that hold commas or quotes into double quotes',
  ),
  'csv-column-missing': fault(
    'config',
    'alarm',
    500,
    'A CSV file lacks a column',
    'Add the column to the heading line',
  ),
  'csv-column-unknown': fault(
    'config',
    'alarm',
    500,
    'A CSV file has a column that means nothing here',
    'Remove the column or correct its heading',
  ),
  'value-wrong': fault(
    'config',
    'alarm',
    500,
    'A value is missing or not one of those allowed',
    'Correct the value named',
  ),
  'pattern-wrong': fault(
    'config',
    'alarm',
    500,
    'A pattern of a rule cannot be used',
    'Correct the pattern: RE2 syntax, no look-around and no back-references',
  ),
  'calendar-broken': fault(
    'config',
    'alarm',
    500,
    'A rota calendar cannot be understood',
    'Export it again as iCalendar; every event needs a beginning, an end and a person this site knows',
  ),
  // health
  'pages-held': fault(
    'passing',
    'alarm',
    503,
    'Pages were heard and wait for the database',
    'Mend the database: they are stored as soon as it answers, and the raw capture holds them too',
  ),
  'no-feed': fault(
    'passing',
    'alarm',
    503,
    'No feed is open: nothing is heard',
    'Check cables, ports and device servers; pagers go on working without us',
  ),
  'due-late': fault(
    'passing',
    'alarm',
    503,
    'Due steps are fired late',
    'Check the load of the machine and its disk',
  ),
  // bug: a broken promise of our own; the task restarts from the store
  'raise-failed': fault(
    'bug',
    'alarm',
    500,
    'A bleep could not be turned into an alert and waits for a human',
    'Read it on the switchboard screen and call people by telephone; send the log to the makers',
  ),
  'alert-without-future': fault(
    'bug',
    'alarm',
    503,
    'An open alert had nothing to come; it was put in front of the switchboard',
    'Act on the alert by telephone; send the log to the makers',
  ),
  'daily-test-missed': fault(
    'passing',
    'alarm',
    503,
    'No test call was heard in the window of the daily test',
    'Make the test call now; if it is heard on the bleeps but not here, check the feed',
  ),
  'daily-test-incomplete': fault(
    'passing',
    'warning',
    503,
    'The daily test was not answered by every mandatory role',
    'Ring the roles that are missing; check their rota, phone and bleep',
  ),
  'task-failed': fault(
    'bug',
    'alarm',
    500,
    'A task of the daemon stopped on an error it did not expect and was started again',
    'Send the log to the makers; everything stored goes on from where it was',
  ),
  // rota: nobody to ring, now or soon
  'crash-role-unheld': fault(
    'lasting',
    'alarm',
    503,
    'Nobody holds a crash role now: a call would miss its member',
    'Give the role to somebody on the rota page; its substitutes are asked until then',
  ),
  'crash-role-unclaimed': fault(
    'lasting',
    'alarm',
    503,
    'A crash role has changed shift and nobody has taken its baton',
    'Ring who is down for it; switchboard can give the role on the rota page',
  ),
  'rota-gap-ahead': fault(
    'lasting',
    'warning',
    503,
    'A crash role has nobody down for it within the next two days',
    'Find somebody and put them on by the rota page before the shift begins',
  ),
} as const satisfies Record<string, Fault>

export type FaultCode = keyof typeof FAULTS

/** A fault as a value: the code and what it concerns, never message text or a name. */
export interface FaultValue {
  readonly code: FaultCode
  readonly detail?: string
}

export type Result<T, F = FaultValue> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: F }

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value })
export const failed = (
  code: FaultCode,
  detail?: string,
): { readonly ok: false; readonly fault: FaultValue } => ({
  ok: false,
  fault: detail === undefined ? { code } : { code, detail },
})
