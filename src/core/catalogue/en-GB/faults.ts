// Long because it is one text: what each fault means, and what to do.

/** What each fault means and what whoever reads it should do. The table of codes is core/faults.ts. */
export const faults = {
  // line: noise and broken frames, kept as values and counted
  'line-noise': {
    sentence: 'Bytes on the line fit no record of the protocol',
    remedy: 'Check baud rate, parity and wiring if the count climbs',
  },
  'line-too-long': {
    sentence: 'A record grew past its limit and was cut off',
    remedy: 'Check the framing settings of the profile',
  },
  'checksum-bad': {
    sentence: 'A block failed its checksum',
    remedy: 'Check cable, earth and parity; the sender repeats the block',
  },
  'parity-bad': {
    sentence: 'A character failed its parity',
    remedy: 'Check data bits and parity of the profile',
  },
  'line-errors': {
    sentence: 'The port counts characters with wrong framing or parity, or breaks, on this line',
    remedy:
      'Check the lead, its plugs and its earth; if it was always so, run bleepd doctor: rate, data bits or parity are wrong',
  },
  'port-overrun': {
    sentence: 'Characters were lost because they came faster than this computer fetched them',
    remedy: 'See what loads this computer; put the adapter on a USB socket of its own, without a hub',
  },
  'codeword-bad': {
    sentence: 'A POCSAG codeword could not be repaired',
    remedy: 'Check signal level or wiring if the rate climbs',
  },
  'sync-lost': {
    sentence: 'POCSAG synchronisation was lost inside a transmission',
    remedy: 'Check signal level; repeated losses mean a clock or wiring fault',
  },
  'address-lost': {
    sentence: 'Message codewords came whose address codeword could not be read',
    remedy: 'Look at the raw capture if a call is missing; check signal level if it recurs',
  },
  'ghost-page': {
    sentence: 'A page decoded from noise was held back',
    remedy: 'None. It is counted, so that a real page held back by mistake would show',
  },
  'record-unmatched': {
    sentence: 'A line fits no pattern of the profile',
    remedy: 'Add a pattern or a noise pattern to the profile',
  },
  'profile-unfit': {
    sentence: 'Most of what this line says does not fit its profile',
    remedy:
      'Run bleepd doctor on the line and set the profile it names; until then a profile that takes any text pages nobody',
  },
  'nothing-valid': {
    sentence: 'Bytes come, but nothing among them is a page or anything else of this protocol',
    remedy: 'Check profile, rate and wiring with bleepd doctor; have a test page sent',
  },
  'line-quiet': {
    sentence: 'Nothing has been heard for longer than this line is ever quiet',
    remedy: 'Have a test page sent; if it does not show, check sender, lead and receiver',
  },
  'line-unheard': {
    sentence: 'The line is open, but nothing has been heard on it yet',
    remedy: 'Have a test page sent: until one shows, nobody knows that this line works',
  },
  'signal-flat': {
    sentence: 'The receiver gives the same sample again and again: it is dead or muted',
    remedy: 'Check that the receiver runs, its lead is in, and its squelch is open',
  },
  'signal-stereo': {
    sentence: 'The receiver program sends two channels where one is expected, so that pages are lost',
    remedy: 'Set the receiver program to mono, one channel of 16 bits',
  },
  'signal-rate': {
    sentence: 'Transmissions come, but at another sample rate than this feed was told',
    remedy: 'Set sampleRate of the feed to what the receiver program sends; bleepd doctor names it',
  },
  'signal-inverted': {
    sentence: 'Transmissions come upside down, and this feed takes one polarity only',
    remedy: 'Set polarity of the feed to auto',
  },
  'signal-bent': {
    sentence:
      'Transmissions are heard with little noise, but pages are damaged or lost: the lead or the receiver bends the signal',
    remedy: 'Take the discriminator or data output, not a speaker or headphone one; check the tuning',
  },
  'signal-weak': {
    sentence: 'Transmissions are heard, but pages are damaged or lost in noise: the signal is weak',
    remedy: 'Check the aerial, its lead and the tuning; if it stays weak, move the aerial or tap the encoder',
  },
  'frame-interrupted': { sentence: 'A block stopped half-way', remedy: 'Check the sender and the cable' },
  'block-malformed': {
    sentence: 'A block passed its checksum but its records make no sense',
    remedy: 'Compare the captured block with the manual of the sender',
  },
  'block-unconfirmed': {
    sentence: 'A block was seen on the tap but the paging system did not accept it',
    remedy: 'Check the second wire of the tap, then the paging system',
  },
  'page-unsendable': {
    sentence: 'A page has no address or is too long for the line it was to go out on',
    remedy: 'Send it by another feed, or correct the number plan',
  },
  'send-queue-full': {
    sentence: 'Too many pages wait to go out on this line',
    remedy: 'Check the peer: it takes pages too slowly or not at all',
  },
  'peer-silent': {
    sentence: 'The far end of the line did not answer',
    remedy: 'Check the cable and the peer; the page goes by another path',
  },
  'record-invalid': {
    sentence: 'A record to be encoded is not what the protocol can carry',
    remedy: 'Use the keys and text values that bleepd decode prints for the protocol',
  },
  'role-cannot-send': {
    sentence: 'A page was to go out through a feed that only takes pages in',
    remedy: 'Give the feed the control or client role, or send by another feed',
  },
  'block-refused': {
    sentence: 'The peer refused our block',
    remedy: 'Check the peer; the page goes by another path',
  },
  // profiles of hardware
  'profile-unknown': {
    sentence: 'There is no hardware profile of that name',
    remedy: 'Look into hardware/profiles for the names, or give the path of a file of your own',
  },
  'profile-invalid': {
    sentence: 'A hardware profile does not fit its schema',
    remedy: 'Correct the places named',
  },
  // port: the physical line, supervised by run/line/port.ts
  'port-absent': {
    sentence: 'The port does not exist',
    remedy: 'Plug the adapter in again; check the path in the configuration and the udev rule',
  },
  'port-busy': {
    sentence: 'Another program holds the port',
    remedy: 'Stop the other program; one owner only may read a line',
  },
  'port-denied': {
    sentence: 'The daemon may not open the port',
    remedy: 'Put the daemon’s user into the group that owns the port (dialout), or install the udev rule',
  },
  'port-not-tty': {
    sentence: 'The path is not a serial port',
    remedy: 'Correct the path in the configuration',
  },
  'port-not-pipe': {
    sentence: 'The path is not a named pipe',
    remedy: 'Make one there with mkfifo, or correct the path in the configuration',
  },
  'pipe-unfed': {
    sentence: 'No program writes into the pipe',
    remedy: 'Start the receiver program that feeds it, and look at what it says itself',
  },
  'port-unplugged': {
    sentence: 'The port vanished while it was open',
    remedy: 'Plug the adapter in again; it is re-opened by itself',
  },
  'port-failed': {
    sentence: 'The port reported an error',
    remedy: 'Look at the detail; the port is re-opened by itself',
  },
  'peer-unreachable': {
    sentence: 'The device server or peer cannot be reached',
    remedy: 'Check its power, address and the network between',
  },
  'peer-closed': {
    sentence: 'The peer closed the connection',
    remedy: 'Check that no other program uses the device server; it is re-opened by itself',
  },
  'peer-refused': {
    sentence:
      'A second peer connected to a line that has one owner, or one that is not allowed, and was turned away',
    remedy: 'Find out who else connects; one sender only may own a line',
  },
  'listen-failed': {
    sentence: 'The listening address cannot be opened',
    remedy: 'Check that no other program listens there and that the address belongs to this machine',
  },
  'line-not-up': {
    sentence: 'The line has not come up: nobody has connected, or the port does not answer',
    remedy: 'Check that the peer has our address, and that the handshake wires do not hold the port off',
  },
  'write-timeout': {
    sentence: 'Bytes could not be put on the line in time',
    remedy: 'Check handshake wires and flow control; the other end may be holding us off',
  },
  'line-closed': {
    sentence: 'Nothing was written because the line is not open',
    remedy: 'None if the port is being re-opened',
  },
  'line-listen-only': {
    sentence: 'Something tried to write to a line that is only listened to; not one byte left',
    remedy: 'Report it with the log: this is a defect of the daemon',
  },
  'line-silent': {
    sentence: 'Nothing was heard on the line for longer than its profile allows',
    remedy: 'Check that the sender is switched on, then the cable, then the line settings with bleepd doctor',
  },
  'line-garbage': {
    sentence: 'Most of what arrives on the line fits nothing',
    remedy:
      'Run bleepd doctor on the port: rate, parity or protocol of the profile is wrong, or the wiring is',
  },
  'capture-unwritable': {
    sentence: 'The raw capture of a line cannot be written',
    remedy: 'Check space and permission of the capture folder; pages are not affected',
  },
  'capture-unreadable': {
    sentence: 'The capture file cannot be read or is not a capture',
    remedy: 'Check the path; the format is described in hardware/README.md',
  },
  // config: all printed at once, exit 78, never half-started
  'config-unreadable': {
    sentence: 'The configuration file cannot be read',
    remedy: 'Check the path after --config and its permissions',
  },
  'config-syntax': {
    sentence: 'The file is not valid YAML here',
    remedy: 'Check indentation and quotes on and above this line',
  },
  'config-missing': {
    sentence: 'A setting that has no default is missing',
    remedy: 'Add it; config/bridge.example.yaml shows every setting',
  },
  'config-value': {
    sentence: 'A setting has a value that cannot be used',
    remedy: 'Correct it; config/bridge.example.yaml shows every setting',
  },
  'config-unknown-key': {
    sentence: 'There is no such setting',
    remedy:
      'Look for a slip of spelling; config/bridge.example.yaml and the files of config/sites/demo show what there is',
  },
  'config-doubled': {
    sentence: 'The same id is used twice where it must be the only one',
    remedy: 'Rename or remove one of them',
  },
  'config-secret': {
    sentence: 'A secret cannot be read',
    remedy: 'Create the file, readable by the daemon only, or set the environment variable',
  },
  'config-unresolved': {
    sentence: 'A name points at nothing',
    remedy: 'Correct the name or add what it names',
  },
  'config-doubtful': {
    sentence: 'This was taken as it stands, but it looks like a mistake',
    remedy: 'Correct it if it is one',
  },
  'config-unsafe': {
    sentence: 'This works, but it is not safe',
    remedy: 'Mend it, unless somebody has decided that it may stay so',
  },
  'operator-keys': {
    sentence: 'Operators sign in with keys that are shared by whoever knows them',
    remedy:
      'Give each person an account of their own, with a second factor: bleepd operator add; then take the keys out',
  },
  'folder-unwritable': {
    sentence: 'The daemon cannot write where it must',
    remedy: 'Give the folder to the user that the daemon runs as; run the check as that user',
  },
  'certificate-bad': {
    sentence: 'The certificate cannot be used: board and phones cannot reach us',
    remedy: 'Put a certificate with its chain and its own key in place, then reload; lines run meanwhile',
  },
  'certificate-ending': {
    sentence: 'The certificate ends within a month',
    remedy: 'Renew it and reload; phones and boards refuse us once it has ended',
  },
  'certificate-last-week': {
    sentence: 'The certificate ends within a week: after that no phone and no board reaches us',
    remedy: 'Renew it now and reload',
  },
  'restart-needed': {
    sentence: 'Settings were changed that only a restart takes up',
    remedy: 'Restart the daemon at a quiet moment; until then it works with the settings from before',
  },
  'last-good-unkept': {
    sentence: 'No copy of the files in force could be kept: with a slip in them a restart would not start',
    remedy: 'Let the daemon write to its state folder, or to the folder of its configuration; then reload',
  },
  'reload-refused': {
    sentence: 'The changed files were refused: the site as it was before stands',
    remedy: 'Mend the line named, and what else bleepd check shows, then reload',
  },
  // store
  'page-lost': {
    sentence: 'Pages heard while the database was away had to be given up',
    remedy: 'Mend the database; the raw capture of the line still holds them and can be replayed',
  },
  'store-busy': {
    sentence: 'The database is busy and did not take the write in time',
    remedy: 'None at first; if it lasts, look for another program that holds the database file',
  },
  'store-full': {
    sentence: 'The database has no space left',
    remedy: 'Free disk space now: nothing new is accepted, and pagers go on working without us',
  },
  'store-lost': {
    sentence: 'The database cannot be read or written',
    remedy: 'Check disk, file permissions and the database server; nothing new is accepted until it answers',
  },
  'store-damaged': {
    sentence: 'The database file was damaged. It was set aside, and a new one was begun',
    remedy:
      'Check the disk at once. Pages go on. What could be read was brought over from the old file and the last copy; both are kept beside it',
  },
  'document-spoilt': {
    sentence: 'A record in the database cannot be read, and is left out of every list',
    remedy:
      'Check the disk, and who can write to the database. What kind of record it is stands beside this. The last copy may still have it (bleepd restore)',
  },
  'store-moved': {
    sentence: 'The database file was deleted or replaced while the daemon ran',
    remedy:
      'Find out who did it. The daemon has written its own file again, and keeps what stood in its place beside it',
  },
  'store-apart': {
    sentence: 'The database is away. This node pages from a file of its own until it is back',
    remedy:
      'Mend the database, or the way to it. New bleeps ring; calls from before cannot be answered until then. Nothing needs to be done afterwards',
  },
  overloaded: {
    sentence: 'More pages come than can be passed on at once. Routine bleeps wait, emergencies do not',
    remedy:
      'Look for a sender that repeats itself without end. If there is none, do nothing: it catches up by itself',
  },
  'lead-lost': {
    sentence: 'Another node has taken this duty over',
    remedy: 'None: it is done there. If it recurs, look for a node that stands still for seconds at a time',
  },
  'store-in-use': {
    sentence: 'Another daemon is running on this database file',
    remedy: 'Stop one of the two. Several nodes need PostgreSQL, or a database file each',
  },
  'store-newer': {
    sentence: 'The database has the form of a newer version',
    remedy: 'Start the newer version again; this one must not touch the database',
  },
  'store-unproved': {
    sentence: 'The database has not shown in time that it takes a write',
    remedy:
      'Wait some seconds after a start; if it lasts, look at the disk, the database server and the way to it',
  },
  'store-older': {
    sentence: 'The database has the form of an older version',
    remedy: 'Start the daemon of this version first: it brings the database up to date',
  },
  'backup-failed': {
    sentence: 'A copy of the database could not be made',
    remedy:
      'Look at the detail in the log: space, permissions and the folder of the copies; it is tried again by itself',
  },
  'word-keys-lost': {
    sentence: 'Keys of words are missing, and what stands under them cannot be read',
    remedy:
      'Put the file of keys back, or the site key it was sealed under, and restart (config/encryption.md); calls go on, and new words have new keys',
  },
  'word-keys-short': {
    sentence: 'Keys of words cannot be written in every place',
    remedy:
      'Look at the disks of both key folders; without new keys new words stand in the clear, and until both copies are reached an erasure is not complete',
  },
  'backup-old': {
    sentence: 'The last good copy of the database is too old',
    remedy: 'Mend what keeps copies from being made, or make one now with bleepd backup',
  },
  'copy-bad': {
    sentence: 'A copy of the database cannot be used',
    remedy: 'Take another copy; keep this one for the makers',
  },
  'drill-failed': {
    sentence: 'The last copy of the database could not be restored when it was tried',
    remedy:
      'Run bleepd drill restore and read what it says; make a new copy with bleepd backup and try again',
  },
  'drill-old': {
    sentence: 'Restoring a copy of the database has not been tried for too long',
    remedy: 'Run bleepd drill restore, and see why the daemon does not',
  },
  'request-due': {
    sentence: 'Somebody’s request about their data is due within a week',
    remedy: 'Open Requests at the console: find, decide, approve, carry out and answer it',
  },
  'request-late': {
    sentence: 'Somebody’s request about their data was not answered within its month',
    remedy: 'Answer it today, and say why it is late; the law allows one month',
  },
  'audit-broken': {
    sentence:
      'The audit chain is broken: an entry was changed, put in or taken out by somebody other than the daemon',
    remedy:
      'Take the database file out of everybody’s reach, run bleepd audit --verify, and tell whoever answers for security',
  },
  'audit-unanchored': {
    sentence: 'The second place of the audit could not be written',
    remedy:
      'Mend the folder named by audit.anchors: until then, entries that are cut off the end of the audit are not missed',
  },
  'audit-unsealed': {
    sentence:
      'The daemon cannot read its key of the audit: nothing new is sealed, and second factors cannot be checked',
    remedy:
      'Give the file audit-key, beside the database, to the user that the daemon runs as, and start the daemon again; bleepd check, run as that user, names every file of somebody else',
  },
  // delivery: one alert to one device by one channel
  'attempt-expired': {
    sentence: 'A call could not be handed to a phone while ringing would still have helped',
    remedy: 'None for the call: the alert took its next path. Look at the provider faults before it',
  },
  'provider-unavailable': {
    sentence: 'A push provider answered that it cannot serve now',
    remedy: 'None: tried again by itself; emergencies also go over the hospital network',
  },
  'provider-busy': {
    sentence: 'A push provider asked us to slow down',
    remedy: 'None: tried again when the provider allows; if it persists, ask the provider for a higher quota',
  },
  'provider-timeout': {
    sentence: 'A push provider did not answer in time',
    remedy: 'Check the way out to the internet (proxy, firewall); tried again by itself',
  },
  'provider-unreachable': {
    sentence: 'A push provider cannot be reached',
    remedy: 'Check the way out to the internet (name resolution, proxy, firewall); tried again by itself',
  },
  'provider-untrusted': {
    sentence: 'A push provider showed a certificate that is not trusted',
    remedy:
      'Check the clock of this machine, and whether a proxy opens TLS without its authority being configured',
  },
  'provider-circuit-open': {
    sentence: 'A push provider has failed so often that calls to it are held back for a moment',
    remedy: 'Look at the provider faults before it; it is tried again by itself',
  },
  'provider-credentials': {
    sentence: 'A push provider refused our credentials',
    remedy:
      'Check keys, key id, team id, environment (sandbox) and sender in the configuration, and the clock of this machine. After a restore: phones that enrolled under another web push key must enrol again, or that key be put back',
  },
  'push-address-dead': {
    sentence: 'The phone’s push address no longer exists',
    remedy: 'The device is used no more; its owner enrols again',
  },
  'push-addresses-doubted': {
    sentence: 'A push service says of one phone after another that its address is gone: not believed',
    remedy:
      'Ask the service, and look at the keys in the configuration. Phones keep their addresses and are tried again; until then they ring only while their app is open',
  },
  'listed-leavers-held': {
    sentence: 'The trust’s directory has lost so many people at once that nobody was let go',
    remedy: 'Look at the directory. If they have really left, confirm it: bleepd people let-go',
  },
  'directory-unreachable': {
    sentence: 'The trust’s directory cannot be read; who is who stays as it was',
    remedy: 'Look at the directory server, its certificate and our account there',
  },
  'leavers-held': {
    sentence: 'So many people left the directory at once that their phones were not taken out of use',
    remedy:
      'Look whether people.csv is whole, and reload. If they have really left, revoke their phones under Devices',
  },
  'site-unreadable': {
    sentence: 'The folder of the site cannot be read any more, or is empty',
    remedy:
      'Paging goes on with what was read before. Bring the files back, or mount the share again: a reload would be refused, and a restart would run on the last good copy',
  },
  'site-differs': {
    sentence: 'Another node works with other site files than this one',
    remedy:
      'Who is rung depends on which node is first. Copy the site folder to every node and reload each; the audit names the fingerprint that each has read',
  },
  'push-key-changed': {
    sentence: 'The push key was changed, and some phones still hold an address made with the old one',
    remedy:
      'They ring only while their app is open. Each mends itself when its app is next opened: ask their holders to open it, or put the old key pair back',
  },
  'push-address-bad': {
    sentence: 'The stored push address cannot be understood',
    remedy: 'The device is used no more; its owner enrols again',
  },
  'push-too-large': {
    sentence: 'A push was larger than the provider accepts and was not sent',
    remedy: 'Report it with the log: a doorbell is always small',
  },
  'post-unreachable': {
    sentence: 'A mail server or web hook for reports and technical alerts takes nothing now',
    remedy: 'None at once: letters wait a day and are tried again. Bleeps do not go this way',
  },
  'post-refused': {
    sentence: 'A mail server or web hook refused a letter for good',
    remedy: 'Check the account, the addresses and the secret under mail and hooks. Bleeps do not go this way',
  },
  'push-refused': {
    sentence: 'A push provider refused the push for good',
    remedy: 'Look at the detail in the log; the alert took its next path',
  },
  'voice-client-gone': {
    sentence: 'The telephone client (baresip) does not answer',
    remedy: 'Check that the package baresip is installed here; it is started again for the next call',
  },
  'voice-exchange-gone': {
    sentence: 'The exchange did not put a telephone call through',
    remedy: 'Check the connection to the exchange and push.voice.account; tried again by itself',
  },
  'voice-lines-busy': {
    sentence: 'All lines for telephone calls are in use; a call waits for its turn',
    remedy: 'If it happens often, ask for more lines and raise push.voice.lines',
  },
  'voice-speechless': {
    sentence: 'A telephone call could not be made because nothing could be spoken',
    remedy: 'Install espeak-ng here, or put recordings where push.voice.recordings says',
  },
  'voice-engaged': {
    sentence: 'A telephone was engaged or turned the call away',
    remedy: 'None: the alert takes its next way',
  },
  'voice-no-answer': {
    sentence: 'A telephone rang and nobody picked it up',
    remedy: 'None: the alert takes its next way',
  },
  'voice-number-wrong': {
    sentence: 'The exchange does not know a telephone number',
    remedy: 'Ask whose it is for the right number, and enter it again on Devices',
  },
  'text-reply-unclear': {
    sentence: 'A text came back that says neither 1 nor 2, or that may mean several calls',
    remedy: 'None: the call goes on as if nothing had come. Whoever wrote it can answer in the app',
  },
  'way-unproved': {
    sentence: 'Ways that were entered for people have not been shown to ring for over a month',
    remedy: 'Look under Devices which they are, ask whose they are, and press “Try it”',
  },
  'text-limit': {
    sentence: 'GOV.UK Notify has sent as many texts today as this service may',
    remedy: 'Ask GOV.UK Notify for a higher daily limit; texts go by the other ways until tomorrow',
  },
  'text-not-sent': {
    sentence: 'The modem could not send a text',
    remedy: 'Check the credit and the reception of its SIM card, and the number; gammu-smsd’s log says more',
  },
  'modem-sends-nothing': {
    sentence: 'The modem could send a text to none of the last numbers',
    remedy: 'Look at the credit of its SIM card first, then at its reception; gammu-smsd’s log says more',
  },
  'text-spool-unwritable': {
    sentence: 'The spool of the text modem cannot be written to',
    remedy: 'Check that the folders of gammu-smsd are there, and that the daemon’s user may write to them',
  },
  'modem-silent': {
    sentence: 'The modem took no text in time',
    remedy: 'Check that the modem is plugged in and that gammu-smsd runs; the text was drawn back',
  },
  'channel-absent': {
    sentence: 'A device uses a channel that is not configured',
    remedy: 'Configure the channel, or enrol the device by another',
  },
  'socket-absent': {
    sentence: 'The device is not connected over the hospital network now',
    remedy: 'None: it is rung by its other way as well',
  },
  'radio-refused': {
    sentence: 'The paging equipment refused to send the page again',
    remedy: 'Page by hand from the switchboard, and look at the link to the paging equipment',
  },
  'radio-no-answer': {
    sentence: 'The paging equipment did not acknowledge the page that was sent again',
    remedy: 'Page by hand from the switchboard; it is tried again by itself',
  },
  'device-absent': {
    sentence: 'The device is no longer enrolled',
    remedy: 'None: the alert took its next path',
  },
  // desk: what HTTP and MQTT ask of us (ports/desk.ts)
  'key-wrong': { sentence: 'Wrong name or key', remedy: 'Type both again' },
  'second-factor-wanted': {
    sentence: 'A code is needed as well',
    remedy: 'Type the six digits that your authenticator app shows',
  },
  'second-factor-wrong': {
    sentence: 'That code is wrong or was used already',
    remedy: 'Wait for the next six digits and type those; if none is taken, set the phone’s clock',
  },
  'passkey-refused': {
    sentence: 'That passkey was not taken',
    remedy: 'Try once more, or sign in with your password',
  },
  'passkey-last': {
    sentence: 'This is the only way into your account',
    remedy: 'Add another passkey first',
  },
  'password-short': {
    sentence: 'A password has at least twelve characters',
    remedy: 'Take a longer one: four words that have nothing to do with each other are good',
  },
  'password-guessable': {
    sentence: 'Many people have used that password, or it is soon guessed',
    remedy: 'Take another one: four words that have nothing to do with each other are good',
  },
  'sign-in-old': {
    sentence: 'You signed in too long ago to change how you sign in',
    remedy: 'Sign out, sign in again and do it within ten minutes',
  },
  'provider-down': {
    sentence: 'The sign-in provider does not answer',
    remedy:
      'Whoever is signed in stays in; to come in now, use a break-glass account. Then look at the provider and the network to it',
  },
  'provider-refused': {
    sentence: 'The sign-in at the provider failed',
    remedy:
      'Try once more from the sign-in page; if it fails again, the provider’s settings for us are wrong',
  },
  'sign-in-no-role': {
    sentence: 'You are known, and have no role at this console',
    remedy: 'Ask for the group that goes with your work; then sign in again',
  },
  'sign-in-no-person': {
    sentence: 'The provider knows you, and the hospital’s directory does not',
    remedy: 'Ask the switchboard to enter you, or to make a code for your phone',
  },
  'break-glass-used': {
    sentence: 'Somebody signed in with a break-glass account',
    remedy: 'Find out who and why; then reset the account: bleepd operator reset NAME',
  },
  'enrol-as-other': {
    sentence: 'An account that may not read bleeps cannot set up a phone that shows them',
    remedy: 'Let the switchboard make the code',
  },
  'code-gone': {
    sentence: 'That code was used or withdrawn, or has expired',
    remedy: 'None: it no longer works',
  },
  'device-waiting': {
    sentence: 'This phone waits to be confirmed on its owner’s other phone',
    remedy: 'On the other phone, under Duty, say that this one is yours; or ring the switchboard',
  },
  'set-up-code-wrong': {
    sentence: 'The code to set up this account is wrong, used or more than a day old',
    remedy: 'Ask whoever looks after the accounts for a new one: bleepd operator reset NAME',
  },
  'account-none': {
    sentence: 'You did not sign in with an account that is kept here',
    remedy: 'Change what you sign in with where it is kept',
  },
  'account-unknown': {
    sentence: 'There is no account of that name',
    remedy: 'See the names with: bleepd operator list',
  },
  'account-exists': {
    sentence: 'There is an account of that name already',
    remedy: 'Take another name, or reset that account: bleepd operator reset NAME',
  },
  'not-signed-in': {
    sentence: 'You are not signed in',
    remedy: 'Sign in at the console, or enrol the device again with a code from the switchboard',
  },
  'bleep-unknown': {
    sentence: 'There is no such bleep or alert, or its keep time is over',
    remedy: 'Search for it; the audit says what was erased and when',
  },
  'subject-too-wide': {
    sentence: 'The search finds more than can be about one person',
    remedy: 'Narrow the span, or name more of what is sought',
  },
  'request-unknown': {
    sentence: 'There is no such request',
    remedy: 'Look at the list of requests',
  },
  'request-over': {
    sentence: 'The request is being carried out, or is over',
    remedy: 'Nothing more can be changed on it; begin a new one',
  },
  'request-unverified': {
    sentence: 'Nobody has yet made sure who asks',
    remedy: 'See their identity document, or another proof, and enter which',
  },
  'request-early': {
    sentence: 'The request has not reached that step',
    remedy: 'Verify, find, decide on every item and approve, in this order',
  },
  'request-undecided': {
    sentence: 'Some of what was found is not decided on',
    remedy: 'Decide on every item',
  },
  'request-second': {
    sentence: 'Whoever decided may not approve as well',
    remedy: 'Let a second person look at it and approve',
  },
  'request-decision': {
    sentence: 'This cannot be decided on a request of this kind',
    remedy: 'A copy is given or refused; erasing may become restricting; all can be refused',
  },
  'request-ground': {
    sentence: 'A refusal needs its ground',
    remedy: 'Choose one from the list',
  },
  'redaction-undecided': {
    sentence: 'Something in the pack may name somebody else, and nobody has decided on it',
    remedy: 'Decide on every proposal: hide it or leave it, with the reason',
  },
  'person-active': {
    sentence: 'The person is active in the directory: they may be asked at any moment',
    remedy: 'Mark them inactive in people.csv, take them off the rota, reload, and plan again',
  },
  'erase-open': {
    sentence: 'Nothing of an open alert may be erased',
    remedy: 'Close the alert when it is over, then plan again',
  },
  'erase-held': {
    sentence: 'A hold keeps it: an investigation or a claim may need it',
    remedy: 'Release the hold, with a reason, if that is over; then plan again',
  },
  'erase-early': {
    sentence: 'Its figures have not been made yet',
    remedy: 'Plan again in an hour',
  },
  'erase-nothing': {
    sentence: 'There is nothing to erase',
    remedy: 'Look at the plan: what it names is erased already, or is not there',
  },
  'erasure-unknown': { sentence: 'There is no such plan to erase', remedy: 'List the plans, or make one' },
  'erasure-over': {
    sentence: 'This erasure has been done, or its plan is too old to be trusted',
    remedy: 'Make a new plan',
  },
  'hold-unknown': { sentence: 'There is no such hold, or it was released before', remedy: 'List the holds' },
  'not-permitted': {
    sentence: 'This sign-in may not do that',
    remedy: 'Ask the switchboard or the administrator; the role table says who may',
  },
  'cross-site': {
    sentence: 'The request came from another site’s page and was refused',
    remedy: 'Use the console or the app at its own address',
  },
  'request-invalid': {
    sentence: 'The request does not fit its schema',
    remedy: 'Compare it with /openapi.json; the detail names the field',
  },
  'route-unknown': {
    sentence: 'There is nothing at this address',
    remedy: 'Check the address against /openapi.json',
  },
  'too-many-requests': {
    sentence: 'Too many tries in a short time',
    remedy: 'Wait a minute, then try again',
  },
  'request-failed': {
    sentence: 'The daemon failed on this request',
    remedy: 'Report it with the log; nothing was changed unless the answer says so',
  },
  'alert-unknown': {
    sentence: 'No alert has this id, or it is none of yours',
    remedy: 'Open the board or the inbox again',
  },
  'radio-not-set': {
    sentence: 'The bridge cannot page by radio here: no radio is set up. Nothing was sent',
    remedy: 'Page them from the switchboard’s own paging desk, or telephone',
  },
  'call-unknown': {
    sentence: 'This site has no such call, number, role, team or person',
    remedy: 'Choose one from the list; nobody was called',
  },
  'call-unclear': {
    sentence: 'More than one number carries this kind of call',
    remedy: 'Name the number as well; nobody was called',
  },
  'call-unconfirmed': {
    sentence: 'This calls many people at once: nobody is called until it is confirmed',
    remedy:
      'A second operator confirms it on their own screen, or you hold the button, as the site has chosen',
  },
  'call-confirm-gone': {
    sentence: 'This call no longer waits to be confirmed',
    remedy:
      'Look at the board: it was confirmed already, or waited for more than five minutes. Start it again',
  },
  'call-confirm-other': {
    sentence: 'The same person cannot start and confirm a call for many people',
    remedy: 'Ask a second operator to confirm it at their own sign-in',
  },
  'test-unknown': {
    sentence: 'The site has no daily test of this name, or its number stands for nobody',
    remedy: 'Look at dailyTests in policies.yaml and at the number plan',
  },
  'joined-unknown': {
    sentence: 'Nothing of that name is joined to this call',
    remedy: 'Open the call again: somebody may have taken it apart',
  },
  'review-unknown': {
    sentence: 'No bleep with this id waits for the switchboard',
    remedy: 'Open the board again: somebody may have seen to it',
  },
  'attempt-unknown': {
    sentence: 'No attempt of this device has this id',
    remedy: 'None; the device pulls its inbox again',
  },
  'number-unreadable': {
    sentence: 'This is neither a telephone number nor a reference that a gateway could know',
    remedy: 'Type the number as 07700 900123 or +44 7700 900123',
  },
  'address-unreadable': {
    sentence: 'No page can go to this: it is no bleep number, hospital or radio address of this site',
    remedy: 'Type a bleep number, one at a hospital as 2222@north, or a radio address as ric:1310720/3',
  },
  'device-unknown': { sentence: 'No device has this id', remedy: 'Look at the list of devices' },
  'person-unknown': {
    sentence: 'Nobody in the directory has this id',
    remedy: 'Pick somebody from the directory',
  },
  'ward-unknown': {
    sentence: 'No telephone of the site stands on a ward of this name',
    remedy: 'Pick a ward from the list; wards come from extensions.csv',
  },
  'ask-unknown': {
    sentence: 'This call is not one of yours, or it is no longer kept',
    remedy: 'Look at the list of your own calls',
  },
  'ask-emergency': {
    sentence: 'Emergencies are not called from this screen',
    remedy: 'Dial the emergency number on the nearest telephone now',
  },
  'ask-barred': {
    sentence: 'The trust’s policy does not let this be asked from here',
    remedy: 'Choose another urgency, or ring the switchboard',
  },
  'drill-undone': {
    sentence: 'Whoever takes a crash role must have answered a test ring lately',
    remedy: 'They do the self-test on their phone, or the switchboard waives it by name, with a reason',
  },
  'asks-too-many': {
    sentence: 'Too many calls were made from this screen within a minute',
    remedy: 'Wait a minute, or telephone the switchboard',
  },
  'role-unknown': {
    sentence: 'No role in the directory has this id',
    remedy: 'Pick a role from the directory',
  },
  'answer-stale': {
    sentence: 'Somebody acted on this alert since it was last looked at',
    remedy: 'Look at what stands, then answer again if it still makes sense',
  },
  'content-cleared': {
    sentence: 'This bleep belonged to a shift that is over and was wiped from this device',
    remedy: 'Ask the switchboard if it is needed again',
  },
  'answer-not-asked': {
    sentence: 'This person was not asked on this alert',
    remedy: 'The switchboard can ask their role as well',
  },
  'answer-late': {
    sentence: 'The call is already closed',
    remedy: 'None needed',
  },
  'answer-token-wrong': {
    sentence: 'A button was pressed that belongs to none of our notifications',
    remedy: 'Open Bleep Bridge and answer there; if it happens often, find out who sends such requests',
  },
  'answer-token-used': {
    sentence: 'This button was pressed before; the first press counted',
    remedy: 'Open Bleep Bridge to change an answer',
  },
  'answer-token-late': {
    sentence: 'This button belongs to a call that has stopped ringing',
    remedy: 'Open Bleep Bridge to see how it stands',
  },
  'answerer-unclear': {
    sentence: 'This shared device cannot tell who is answering',
    remedy: 'Take the role on this device first, or answer on your own phone',
  },
  'code-wrong': {
    sentence: 'The enrolment code is wrong, used or expired',
    remedy: 'Ask the switchboard for a new code',
  },
  'answer-overtaken': {
    sentence: 'It was already done, by somebody else or in another way',
    remedy: 'Look at what stands; nothing more is needed unless you disagree with it',
  },
  'duty-needs-handover': {
    sentence: 'Nobody else holds this person’s crash role',
    remedy: 'Hand the role over first; the switchboard can force it',
  },
  'rota-change-unknown': {
    sentence: 'No change of the rota has this id, or it was taken back',
    remedy: 'Look at the changes that stand',
  },
  'rota-change-pointless': {
    sentence: 'The person who is to give the duty away does not have it',
    remedy: 'Look at the rota of that span; to put somebody on, enter an override',
  },
  'offer-gone': { sentence: 'The hand-over is no longer open', remedy: 'Look at who holds the role now' },
  'not-yours': {
    sentence: 'This person does not hold the role',
    remedy: 'Only the holder hands a role over; the switchboard can force it',
  },
  'self-test-impossible': {
    sentence: 'This device has no way to be rung',
    remedy: 'Allow notifications for the app and try again',
  },
  // filing in the patient's record
  'filing-away': {
    sentence: 'The patient record system did not answer',
    remedy: 'Nothing is lost: it is tried again by itself. If it lasts, tell whoever runs that system',
  },
  'filing-busy': {
    sentence: 'The patient record system is busy',
    remedy: 'Nothing: it is tried again by itself',
  },
  'filing-untrusted': {
    sentence: 'The certificate of the patient record system is not one that we trust',
    remedy: 'Check filing.*.tls.ca, and the date of its certificate; nothing is sent meanwhile',
  },
  'filing-credentials': {
    sentence: 'The patient record system does not accept our credentials',
    remedy: 'Renew client id, secret, key or certificate under filing; what waits is sent then',
  },
  'filing-answer-unreadable': {
    sentence: 'The patient record system answered with something that is no answer',
    remedy: 'Check its address and what lies between; nothing counts as filed meanwhile',
  },
  'filing-rejected': {
    sentence: 'The patient record system rejected a filing without reading it',
    remedy: 'It is tried a few times more; then it waits for a person on the Filings page',
  },
  'filing-refused': {
    sentence: 'The patient record system refused a filing',
    remedy: 'Open the Filings page: correct the patient, have the interface mended, then send it again',
  },
  'filing-behind': {
    sentence: 'A filing has waited for more than a day',
    remedy: 'Ask whoever runs the patient record system; all that waits is sent when it takes filings again',
  },
  'filing-undecided': {
    sentence: 'Filings have waited for a person for more than a day',
    remedy: 'Open the Filings page and say whose record each belongs in, or that it belongs in none',
  },
  'filing-unproved': {
    sentence: 'The patient record system was not shown to take filings in the last half hour',
    remedy: 'Check the network, its address and certificate; the Filings page says what it last answered',
  },
  'filing-not-set': {
    sentence: 'Nothing is filed in a patient record from here',
    remedy: 'Set a way under filing in the configuration',
  },
  'filing-unknown': {
    sentence: 'There is no filing of this call',
    remedy: 'Load the list again',
  },
  'filing-overtaken': {
    sentence: 'The filing has moved on and this cannot be done to it now',
    remedy: 'Load the list again and look at where it stands',
  },
  'patient-not-there': {
    sentence: 'The record does not have exactly one patient with this number',
    remedy: 'Read the number again from the wristband; a new or merged record takes its time',
  },
  'patient-number-wrong': {
    sentence: 'This is no patient’s number: its check digit or its form is wrong',
    remedy: 'Read it again from the wristband or the notes',
  },
  'read-back-other': {
    sentence: 'This is not what was read back',
    remedy: 'Have the number read back again, and compare it with the patient',
  },
  // broker: MQTT telemetry and devices on the LAN
  'broker-unreachable': {
    sentence: 'The MQTT broker cannot be reached',
    remedy:
      'Check its address, power and the network between; bleeps are not affected and telemetry resumes by itself',
  },
  'broker-refused': {
    sentence: 'The MQTT broker refused our credentials',
    remedy: 'Correct user, password or certificate of the broker in the configuration',
  },
  'broker-timeout': {
    sentence: 'The MQTT broker did not confirm a message in time',
    remedy: 'Check the load and disk of the broker; retained states are sent again at the next connect',
  },
  // watchers outside
  'air-not-heard': {
    sentence: 'A page that the switchboard asked for was not heard on the air, or only garbled',
    remedy:
      'Compare with other transmitters: one alone means its feeder, power or aerial; all mean the encoder or our tap',
  },
  // the node itself: the machine and the process we run in
  'loop-late': {
    sentence: 'The daemon gets to its work late',
    remedy: 'Look for what else loads the processor of this machine; make long reports at a quieter hour',
  },
  'memory-high': {
    sentence: 'The daemon holds more memory than it should',
    remedy: 'Restart it at a quiet hour and report it with the log if it climbs again; pagers work meanwhile',
  },
  'disk-low': {
    sentence: 'Little space is left where the database lies',
    remedy: 'Free space or enlarge the disk now: when none is left nothing new is accepted',
  },
  'commit-slow': {
    sentence: 'A small write to the database takes too long',
    remedy: 'Look at the disk, or at the load of the database server and the network to it',
  },
  'clock-off': {
    sentence: 'The clock of this machine jumped, or does not agree with that of the database',
    remedy: 'Check the time service of this machine (timedatectl); rotas and due steps go by this clock',
  },
  'clock-unkept': {
    sentence: 'Nothing keeps the clock of this machine: its kernel says that no time service sets it',
    remedy:
      'Set up the time service (timedatectl, chrony) with the time server of the hospital; rotas and due steps go by this clock',
  },
  'clock-unproved': {
    sentence: 'It is not known whether anything keeps the clock of this machine: its kernel cannot be asked',
    remedy:
      'Let the daemon make the call adjtimex (containers forbid it by a profile), or compare this clock with the time server of the hospital by hand; rotas and due steps go by it',
  },
  'node-unseen': {
    sentence: 'Another node that shares the database has not been heard of',
    remedy:
      'Look at that machine: this node pages alone. One that was taken away for good is forgotten after a week',
  },
  'heartbeat-unconfirmed': {
    sentence: 'The watcher outside did not confirm our beat',
    remedy: 'Check the way out to its address; it raises its own alarm when beats stay away',
  },
  // config: every fault of the files at once, each with file and line
  'file-missing': {
    sentence: 'A file that the configuration needs is not there',
    remedy: 'Create the file or correct the path; config/sites/demo shows every file of a site',
  },
  'file-unreadable': {
    sentence: 'A file cannot be read',
    remedy: 'Check its permissions and that it is a text file in UTF-8',
  },
  'csv-broken': {
    sentence: 'A line of a CSV file has the wrong number of cells or a stray quote',
    remedy: 'Correct the line; put cells that hold commas or quotes into double quotes',
  },
  'csv-column-missing': {
    sentence: 'A CSV file lacks a column',
    remedy: 'Add the column to the heading line',
  },
  'csv-column-unknown': {
    sentence: 'A CSV file has a column that means nothing here',
    remedy: 'Remove the column or correct its heading',
  },
  'value-wrong': {
    sentence: 'A value is missing or not one of those allowed',
    remedy: 'Correct the value named',
  },
  'pattern-wrong': {
    sentence: 'A pattern of a rule cannot be used',
    remedy: 'Correct the pattern: RE2 syntax, no look-around and no back-references',
  },
  'calendar-broken': {
    sentence: 'A rota calendar cannot be understood',
    remedy:
      'Mend this event in the calendar and export it again; every event needs a beginning, an end and people this site knows',
  },
  'calendar-doubtful': {
    sentence: 'An event of a rota calendar was read, and may not be what was meant',
    remedy: 'Look at the event; change it if the rota page does not show what you want',
  },
  'rota-doubtful': {
    sentence: 'The rota was taken as it is, and a call may miss somebody',
    remedy: 'Look at who is on then, and change the rota if that is not meant',
  },
  // health
  'pages-held': {
    sentence: 'Pages were heard and wait for the database',
    remedy: 'Mend the database: they are stored as soon as it answers, and the raw capture holds them too',
  },
  'alerts-unproved': {
    sentence: 'It is not proved that open alerts go on: they have not been looked at in time',
    remedy:
      'Wait some seconds after a start; if it lasts, look at the database and at the load of the machine',
  },
  'page-not-raised': {
    sentence: 'A page was taken in and nobody has been asked: its alert was not raised in time',
    remedy: 'Call people by telephone for what the board shows as waiting; look at the log for why',
  },
  'page-parked': {
    sentence: 'A page that a defect kept from ringing waits on the switchboard screen',
    remedy: 'Read it there, call people by telephone and mark it as seen to',
  },
  'no-line-yet': {
    sentence: 'No line is set up yet: only calls from the call desk ring phones',
    remedy: 'Connect the first line: bleepd doctor on its port says what to add to bridge.yaml; then restart',
  },
  'no-feed': {
    sentence: 'No feed is open: nothing is heard',
    remedy: 'Check cables, ports and device servers; pagers go on working without us',
  },
  'due-late': { sentence: 'Due steps are fired late', remedy: 'Check the load of the machine and its disk' },
  // bug: a broken promise of our own; the task restarts from the store
  'raise-failed': {
    sentence: 'A bleep could not be turned into an alert and waits for a human',
    remedy: 'Read it on the switchboard screen and call people by telephone; send the log to the makers',
  },
  'page-failed': {
    sentence: 'A defect kept a page from being taken in; it waits on the switchboard screen in its raw words',
    remedy: 'Read it there and call people by telephone; send the log to the makers',
  },
  'line-failed': {
    sentence:
      'A defect met the bytes of a line; they are in its raw capture and the line goes on with what comes next',
    remedy: 'Look at the capture for a page that is missing; send the log to the makers',
  },
  'step-failed': {
    sentence: 'A step of an open alert fails on a defect and is tried again',
    remedy: 'Act on that alert by telephone; send the log to the makers',
  },
  'hand-over-failed': {
    sentence: 'A call could not be handed to a phone because of a defect; the alert took its next way',
    remedy: 'Look at the alert on the board; send the log to the makers',
  },
  'view-failed': {
    sentence: 'A part of a screen could not be made because of a defect and is shown bare',
    remedy: 'Act on what is shown; send the log to the makers',
  },
  'log-unwritten': {
    sentence: 'Nothing reads the log of the bridge, so lines of it are lost. Paging goes on',
    remedy:
      'Look at what reads the standard error of bleepd (the journal, a pipe, a file) and its disk; restart the service when no call is open',
  },
  'shift-log-unwritten': {
    sentence: 'The switchboard shift log could not be written to disk',
    remedy: 'Check the folder, its disk and its permissions; print the log from the Find page until then',
  },
  'report-failed': {
    sentence: 'A part of a report could not be made because of a defect and was left out of it',
    remedy: 'Read the report knowing that it is short; send the log to the makers',
  },
  'alert-without-future': {
    sentence: 'An open alert had nothing to come; it was put in front of the switchboard',
    remedy: 'Act on the alert by telephone; send the log to the makers',
  },
  'daily-test-missed': {
    sentence: 'No test call was heard in the window of the daily test',
    remedy: 'Make the test call now; if it is heard on the bleeps but not here, check the feed',
  },
  'daily-test-incomplete': {
    sentence: 'The daily test was not answered by every mandatory role',
    remedy: 'Ring the roles that are missing; check their rota, phone and bleep',
  },
  'task-failed': {
    sentence: 'A task of the daemon stopped on an error it did not expect and was started again',
    remedy: 'Send the log to the makers; everything stored goes on from where it was',
  },
  // rota: nobody to ring, now or soon
  'crash-role-unheld': {
    sentence: 'Nobody holds a crash role now: a call would miss its member',
    remedy: 'Give the role to somebody on the rota page; its substitutes are asked until then',
  },
  'crash-role-unproved': {
    sentence: 'Somebody who holds a crash role has no phone that was shown to ring in this shift',
    remedy: 'Ring them: they open the app and run its self-test. Until then page them by radio and telephone',
  },
  'crash-role-open-only': {
    sentence: 'The phone of somebody who holds a crash role rings only while its app is open',
    remedy:
      'Ring them: they open the app, let it mend its push, and run its self-test. Until then they keep the app open',
  },
  'crash-role-unclaimed': {
    sentence: 'A crash role has changed shift and nobody has taken its baton',
    remedy: 'Ring who is down for it; switchboard can give the role on the rota page',
  },
  'rota-gap-ahead': {
    sentence: 'A crash role has nobody down for it within the next two days',
    remedy: 'Find somebody and put them on by the rota page before the shift begins',
  },
  'rota-double-ahead': {
    sentence: 'A crash role has more people down for it than it wants, within the next two days',
    remedy: 'Ask both who is really on, and mend the rota before the shift begins',
  },
} as const
