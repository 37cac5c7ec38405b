/** The ways that ring, told to whoever enrols them. */
export const ways = {
  ntfy: 'ntfy',
  text: 'text',
  ntfyDoes:
    'Rings through silent mode, from the hospital’s own server: the ntfy app holds its own connection and works with the internet cut. Answered by its buttons.',
  voice: 'telephone call',
  voiceDoes:
    'A call to any telephone or extension, through the hospital’s exchange: works with the internet cut. It says what it is, twice. Key 1 means coming, key 2 not coming, key 3 says it again. A mailbox presses no key and counts as nobody. It rings when nothing else of that person has given a sign, or at once where there is nothing else.',
  notify: 'text by GOV.UK Notify',
  notifyDoes:
    'A text to any mobile telephone, by the internet. It says only that there is a call to look at. It goes out when nothing else of that person has given a sign, or at once where there is nothing else.',
  modem: 'text by the hospital’s modem',
  modemDoes:
    'A text to any mobile telephone, by a modem in this building: works with the internet cut. It says that there is a call to look at. Where replies come back, 1 or 2 answers it. It goes out when nothing else of that person has given a sign, or at once where there is nothing else.',
  nudgeDoes:
    'A text to any telephone, by the hospital’s gateway. It says only that there is a call to look at. It goes out when nothing else of that person has given a sign, or at once where there is nothing else.',
  all: 'What each way does',
  webpush: 'our app, by push',
  webpushDoes:
    'Rings the app closed or open, by the internet and the maker of the phone’s browser. Silent mode, Focus or a saved battery can keep it quiet, so each phone is tested. Answered in the app.',
  socket: 'our app, by the hospital network',
  socketDoes:
    'Rings the app while it is open, with the internet cut as well. A phone with the app closed is not rung by it.',
  lastOnes:
    'An emergency rings all of a person’s phones at once. A call or a text comes last, unless they put it first. No way carries a patient’s words.',
  enterTitle: 'Enter another way to ring somebody',
  whose: 'Whose',
  which: 'Which way',
  number: 'Telephone number, extension or gateway reference',
  hidden: 'After this, only the last three digits are shown.',
  enter: 'Enter it and try it',
  topicOf: 'The topic of {name}. It is shown only now.',
  topicQr: 'QR code that opens the topic in the ntfy app',
  topicHow:
    'Scan it with the phone’s camera, or add the topic in the ntfy app by hand. Let the app override Do Not Disturb in the phone’s settings. Then press “Try it” in the list.',
  done: 'Done',
  tryIt: 'Try it',
  tried: '{label} of {owner} is being rung. Ask them to press its button.',
  taken: '{number} of {name} is entered. Ask them whether the test came.',
  notTaken: '{number} of {name} is entered, but no test could be sent to it.',
  orReply: 'Or reply 1 if coming, 2 if not.',
  count: '{n|one:# way|other:# ways}',
  never: 'never shown to ring',
  howRung: 'How you are rung',
  howRungSays:
    'An emergency rings all phones at once. For anything else the first rings, then all. Texts and calls come last, unless you put them first.',
  thisPhone: 'This phone',
  pushHere: 'push',
  whileOpen: 'open app',
  display: 'display',
  earlier: 'Ring earlier',
  siteOrder: 'Back to the hospital’s order',
  neverShown: '{way}: not shown to ring yet.',
  shownAt: '{way}: rang {at} {at2}.',
  textDelivered: 'the network says that the text is on the telephone',
  textUndelivered: 'the network could not deliver the text',
  noKey: 'picked up, and no key pressed: perhaps a mailbox',
  topicMade: 'A topic for {name} is made.',
} as const
