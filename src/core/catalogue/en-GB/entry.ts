export const entry = {
  signInAgainOrAs: 'Sign in again, or as somebody else',
  switchboardSignIn: 'Switchboard sign-in',
  yourSignInHasEnded:
    'Your sign-in has ended. Bleeps go on ringing phones, but this board shows nothing and sounds no alarm until somebody signs in.',
  name: 'Name',
  passwordOrKey: 'Password or key',
  signIn: 'Sign in',
  codeOf: 'Code for {name}',
  codeHelp: 'The six digits that your authenticator app shows now.',
  startAgain: 'Start again',
  usePasskey: 'Use a passkey',
  noPasskey: 'No passkey was chosen. Nothing has changed.',
  answeringABleepOpenThe: 'Answering a bleep? Open the',
  phoneApp: 'phone app',
  instead: 'instead.',
  signInAsSomebodyElse: 'Sign in as somebody else',
  signedInOnlyUntilSign: '{me}: signed in only until {clock}. Sign in again',
  byProvider: 'Sign in with {provider}',
  providerDown:
    'The sign-in provider does not answer. Whoever is signed in stays in. If you must come in now, use a break-glass account.',
  providerRefused: 'The sign-in did not come about. Try once more.',
  noRole: 'You are known, and have no role here. Ask for the group that goes with your work.',
  noPerson:
    'You are known, and the hospital’s directory does not have you. Ask the switchboard for a code instead.',
  wordsHidden: 'Words are hidden: nobody has touched this screen for a while.',
  showAgain: 'Sign in again to read them',
} as const
