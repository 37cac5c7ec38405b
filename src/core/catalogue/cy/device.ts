export const device = {
  theHospitalServerCannotBe:
    'Ni ellir cyrraedd gweinydd yr ysbyty. Trowch Wi-Fi’r ysbyty ymlaen, yna profwch eto.',
  theClockOfThisPhone:
    'Mae cloc y ffôn hwn yn anghywir. Yng ngosodiadau’r ffôn, trowch ddyddiad ac amser awtomatig ymlaen.',
  onAnIphoneBleepsRing:
    'Ar iPhone dim ond o’r Sgrin Gartref y mae galwadau’n canu: pwyswch Rhannu, yna Ychwanegu at y Sgrin Gartref, ac agorwch Bleeps oddi yno.',
  thisPhoneCannotBeRung:
    'Ni all y ffôn hwn ganu pan fydd yr ap ar gau. Gadewch yr ap ar agor, neu gofynnwch i TG am hysbysiadau gwthio.',
  theOpenAppDidNot: 'Ni chanodd yr ap agored. Caewch ef, agorwch ef eto, a phrofwch eto.',
  theBrowserKeepsThisPage:
    'Mae’r porwr yn cadw’r dudalen hon yn dawel. Cyffyrddwch â’r sgrin, yna pwyswch Sain eto.',
  noRingCameBackWith:
    'Ni ddaeth caniad yn ôl gyda’r ap ar gau. Diffoddwch Modd Pŵer Isel a Ffocws, gwiriwch y rhwydwaith, yna profwch eto.',
  turnTheVolumeUpFlip:
    'Trowch y sain i fyny, symudwch y switsh ar yr ochr fel nad oes oren i’w weld, diffoddwch Ffocws, yna profwch eto.',
  turnTheVolumeUpTurn:
    'Trowch y sain i fyny, diffoddwch Peidiwch ag aflonyddu a’r modd tawel, tynnwch glustffonau, yna profwch eto.',
  takeUpThisPhone: 'Gosod y ffôn hwn',
  askTheSwitchboardForA:
    'Gofynnwch i’r switsfwrdd am god untro, neu sganiwch eu cod QR gyda chamera’r ffôn hwn.',
  code: 'Cod',
  eightLettersAndFiguresCapitals:
    'Wyth llythyren a rhif. Nid oes gwahaniaeth am briflythrennau, bylchau na chysylltnodau.',
  whatIsThisPhoneCalled: 'Beth yw enw’r ffôn hwn?',
  takeUpThisPhoneAnew: 'Gosod y ffôn hwn eto?',
  itIsEnrolledFor: 'Mae wedi’i gofrestru ar gyfer',
  nowTakingItUpAnew: 'nawr. Mae ei osod eto yn dileu ei alwadau yn gyntaf.',
  leaveItAsItIs: 'Ei adael fel y mae',
  wipeAndTakeUpAnew: 'Dileu a gosod eto',
  androidPhone: 'Ffôn Android',
  phone: 'Ffôn',
  thePushServiceDoesNot: 'nid yw’r gwasanaeth hysbysu’n ateb',
  itRingsForWhoeverHolds: 'Mae’n canu ar gyfer pwy bynnag fydd yn y rôl nesaf.',
  itRingsForNow: 'Mae’n canu ar gyfer {who} nawr.',
  signedOutContentWiped: 'Wedi allgofnodi, galwadau wedi’u dileu',
  thisHandsetStaysWith: 'Mae’r ffôn hwn yn aros gyda {handset}. {what}',
  ok: 'Iawn',
  offDutySignedOutContent: 'Ddim ar ddyletswydd: wedi allgofnodi, galwadau wedi’u dileu',
  thePhoneStaysEnrolledIt:
    'Mae’r ffôn yn aros wedi’i gofrestru: bydd yn canu eto pan fyddwch nesaf ar ddyletswydd.',
  whoAreYou: 'Pwy ydych chi?',
  whoHasThisHandsetNow: 'Gan bwy mae’r ffôn hwn nawr?',
  yourAnswersAreGivenIn: 'Rhoddir eich atebion yn yr enw hwn.',
  somebody: 'rhywun',
  notTested: 'heb ei brofi',
  testing: 'yn profi…',
  works: 'yn gweithio',
  slow: 'ar ei hôl hi',
  fast: 'ar y blaen',
  doesNotWork: 'ddim yn gweithio',
  notOnThisPhone: 'ddim ar y ffôn hwn',
  thisPhoneRingsOpenOr: 'Mae’r ffôn hwn yn canu, ar agor neu ar gau.',
  thisPhoneRingsOnlyWhile:
    'Dim ond pan fydd yr ap ar agor y mae’r ffôn hwn yn canu. Cadwch eich blîp radio gyda chi.',
  doNotRelyOnThis: 'Peidiwch â dibynnu ar y ffôn hwn. Cadwch eich blîp radio gyda chi.',
  msMs: ' ({offset} ms {what}, ± {uncertainty} ms)',
  doThisWhenYouCome: 'Gwnewch hyn pan fyddwch yn dechrau. Mae’n cymryd deg eiliad.',
  tested: 'Profwyd {at}, {at2}.',
  sound: 'Sain',
  didYouHearIt: 'Glywsoch chi hi?',
  yes: 'Do',
  no: 'Naddo',
  soundAgain: 'Sain eto',
  hospitalServer: 'Gweinydd yr ysbyty',
  clock: 'Cloc',
  notificationsAllowed: 'Caniateir hysbysiadau',
  ringWithTheAppOpen: 'Canu gyda’r ap ar agor, a chadarnhad',
  ringWithTheAppClosed: 'Canu gyda’r ap ar gau, a chadarnhad',
  whatToDo: 'Beth i’w wneud',
  allowNotifications: 'Caniatáu hysbysiadau',
  doesThisPhoneRing: 'Ydy’r ffôn hwn yn canu?',
  ringThisPhone: 'Canu’r ffôn hwn',
  whatWasTested: 'Beth a brofwyd',
  youWillCallBack: 'Byddwch yn ffonio’n ôl',
  youAreOnTheWay: 'Rydych ar y ffordd',
  youAreThere: 'Rydych yno',
  youSaidNotMe: 'Dywedoch: nid fi',
  stoodDownYouAreNot: 'Wedi sefyll i lawr: nid oes eich angen',
  notSentYetGivenAt: 'Heb ei anfon eto, rhoddwyd am {since}',
  blockedOnIphone:
    'Mae hysbysiadau wedi’u rhwystro. Agorwch Gosodiadau, Hysbysiadau, Bleeps. Trowch Caniatáu Hysbysiadau a Seiniau ymlaen, yna profwch eto.',
  noRingOnAndroid:
    'Ni ddaeth caniad yn ôl gyda’r ap ar gau. Diffoddwch arbed batri. O dan Gwybodaeth ap, Batri, dewiswch Digyfyngiad. Gwiriwch y rhwydwaith, yna profwch eto.',
  blockedOnAndroid:
    'Mae hysbysiadau wedi’u rhwystro. Daliwch eicon Bleeps, pwyswch Gwybodaeth ap, Hysbysiadau, a throwch nhw ymlaen (mewn porwr: y clo clap wrth ymyl y cyfeiriad). Yna profwch eto.',
} as const
