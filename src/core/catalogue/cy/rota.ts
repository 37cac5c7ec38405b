/** Of the rota's words, those of the box "Who is on?" that stands above every page. */
export const rota = {
  andMore: 'a {count} arall',
  noRoleBleepOrName: 'Dim rôl, blîp nac enw fel yna.',
  whoIsOnRoleBleep: 'Pwy sydd ar alwad? Rôl, blîp neu enw',
  whoIsOn: 'Pwy sydd ar alwad? ( / )',
  bleep: 'blîp {bleep}',
  nobody: 'neb',
  phoneRangAt: 'canodd y ffôn {at}',
  phoneNotSince: 'canodd y ffôn {at}, nid ers hynny',
  onlyAppOpen: 'yn canu dim ond pan fydd yr ap ar agor',
  appOpen: 'ap ar agor',
  appClosed: 'ap ar gau',
  soundHeard: 'clywyd {at}',
  soundNotHeard: 'ni chlywyd {at}',
  soundNotTried: 'heb brofi’r sain',
  noPhoneShown: 'dim ffôn wedi’i ddangos yn canu',
  until: 'tan {to}',
} as const
