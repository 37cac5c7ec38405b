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
  byProvider: 'Mewngofnodi gyda {provider}',
  providerDown:
    'Nid yw’r darparwr mewngofnodi yn ateb. Mae pawb sydd i mewn yn aros i mewn. Os oes rhaid dod i mewn nawr, defnyddiwch gyfrif torri gwydr.',
  providerRefused: 'Ni lwyddodd y mewngofnodi. Rhowch gynnig arall arni.',
  noRole: 'Rydych yn hysbys, ond nid oes gennych rôl yma. Gofynnwch am y grŵp sy’n mynd gyda’ch gwaith.',
  noPerson:
    'Rydych yn hysbys, ond nid yw cyfeiriadur yr ysbyty yn eich adnabod. Gofynnwch i’r switsfwrdd am god yn lle hynny.',
  wordsHidden: 'Mae geiriau wedi’u cuddio: nid oes neb wedi cyffwrdd â’r sgrin hon ers tro.',
  showAgain: 'Mewngofnodwch eto i’w darllen',
} as const
