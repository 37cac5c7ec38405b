export const todo = {
  offeredNotTakenYet: 'Cynigiodd {from} hyn i {to} am {at}; heb ei gymryd eto.',
  phonesMayNotRing: 'Efallai na fydd ffonau’n canu',
  useRadioBleepsAndThe: 'Defnyddiwch flipiau radio a’r ffôn',
  crashRoleWithoutPhone: 'Mae rôl tîm argyfwng heb ffôn y dangoswyd ei fod yn canu',
  ringThemAndTestPhone:
    'Ffoniwch nhw a gofynnwch iddynt agor yr ap, sy’n ei brofi ei hun. Tan hynny, defnyddiwch y radio a’r ffôn.',
  nobodyCarriesACrashRole: 'Nid oes neb mewn rôl tîm argyfwng',
  whoeverIsOnByThe:
    'Nid yw’r person ar y rota wedi derbyn y blîp. Ffoniwch nhw, neu rhowch rywun arall ar alwad.',
  nobodyIsDownForIt:
    'Nid oes neb ar y rota. Rhowch rywun ar alwad nawr, neu bydd galwad argyfwng yn mynd hebddynt.',
  aCrashRoleWillBe: 'Bydd bwlch mewn rôl tîm argyfwng',
  nobodyIsDownThen: 'Neb ar y rota o {from} tan {to}. Dewch o hyd i rywun cyn hynny.',
  aHandOverWaits: 'Trosglwyddiad yn aros',
  theRota: 'Y rota',
  aLineIsNotHeard: 'Mae llinell i lawr',
  downSinceBleepsThatCome:
    'I lawr ers {since}. Nid yw galwadau ar y llinell hon yn canu ffonau; mae blipiau radio’n dal i weithio. Dywedwch wrth yr adran ystadau.',
  nobodyHasAcceptedAs: 'Nid oes neb wedi derbyn fel {missing}.',
  nobodyHasAccepted: 'Nid oes neb wedi derbyn.',
  bleep: '{only} (blîp {bleep})',
  moreAreNeededAs: 'Angen {count} arall fel {role}.',
  nobodyIsOnAs: 'Nid oes neb ar alwad fel {role}.',
  nobodyHasAcceptedAsRole: 'Nid oes neb wedi derbyn fel {role}.',
  or: '{names} neu {last}',
  aBleepRangNobody: 'Ni chanodd yr alwad hon ffôn neb',
  bleepOf: 'Blîp {number}',
  radioAddressFunction: 'Cyfeiriad radio {ric}, swyddogaeth {fn}',
  newPhone: 'Cofrestrwyd ail ffôn',
  newPhoneWaits: '{label}. Nid oes dim yn mynd iddo nes iddynt ddweud ar eu ffôn arall mai nhw piau ef.',
  newPhoneRings: '{label}. Mae’n canu eisoes. Os nad nhw piau ef, dirymwch ef.',
} as const
