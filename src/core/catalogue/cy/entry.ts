export const entry = {
  signInAgainOrAs: 'Mewngofnodwch eto, neu fel rhywun arall',
  switchboardSignIn: 'Mewngofnodi i’r switsfwrdd',
  yourSignInHasEnded:
    'Mae eich sesiwn wedi dod i ben. Mae’r ffonau’n dal i ganu, ond nid yw’r bwrdd hwn yn dangos dim nac yn seinio larwm nes i rywun fewngofnodi.',
  name: 'Enw',
  passwordOrKey: 'Cyfrinair neu allwedd',
  codeOf: 'Cod ar gyfer {name}',
  codeHelp: 'Y chwe digid y mae eich ap dilysu yn eu dangos nawr.',
  startAgain: 'Dechrau eto',
  usePasskey: 'Defnyddio cyfrinallwedd',
  noPasskey: 'Ni ddewiswyd cyfrinallwedd. Nid oes dim wedi newid.',
  signIn: 'Mewngofnodi',
  answeringABleepOpenThe: 'Yn ateb blîp? Agorwch yr',
  phoneApp: 'ap ffôn',
  instead: 'yn lle hynny.',
  signInAsSomebodyElse: 'Mewngofnodi fel rhywun arall',
  signedInOnlyUntilSign: '{me}: mewngofnodwyd tan {clock} yn unig. Mewngofnodwch eto',
} as const
