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
} as const
