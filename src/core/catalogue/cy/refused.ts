import type { faults } from '../en-GB/faults.ts'

/** What the server refuses whoever answers, asks or calls from a screen that speaks Welsh: what happened, and what to do. */
export const refused = {
  'not-signed-in': {
    sentence: 'Nid ydych wedi mewngofnodi',
    remedy: 'Mewngofnodwch wrth y consol, neu gosodwch y ddyfais eto gyda chod gan y switsfwrdd',
  },
  'not-permitted': {
    sentence: 'Ni chaiff y mewngofnodiad hwn wneud hynny',
    remedy: 'Gofynnwch i’r switsfwrdd neu’r gweinyddwr; mae tabl y rolau’n dweud pwy gaiff',
  },
  'too-many-requests': {
    sentence: 'Gormod o gynigion mewn amser byr',
    remedy: 'Arhoswch funud, yna rhowch gynnig arall arni',
  },
  'alert-unknown': {
    sentence: 'Nid oes galwad â’r id hwn, neu nid eich un chi ydyw',
    remedy: 'Agorwch y bwrdd neu’r rhestr eto',
  },
  'call-unknown': {
    sentence: 'Nid oes gan y safle hwn alwad, rhif, rôl, tîm na pherson o’r fath',
    remedy: 'Dewiswch un o’r rhestr; ni alwyd neb',
  },
  'call-unclear': {
    sentence: 'Mae mwy nag un rhif yn cario’r math hwn o alwad',
    remedy: 'Enwch y rhif hefyd; ni alwyd neb',
  },
  'call-unconfirmed': {
    sentence: 'Mae hyn yn galw llawer o bobl ar unwaith: ni elwir neb nes ei gadarnhau',
    remedy:
      'Mae ail weithredwr yn ei gadarnhau ar ei sgrin ei hun, neu rydych chi’n dal y botwm i lawr, fel y dewisodd y safle',
  },
  'call-confirm-gone': {
    sentence: 'Nid yw’r alwad hon yn aros i’w chadarnhau mwyach',
    remedy:
      'Edrychwch ar y bwrdd: cadarnhawyd hi eisoes, neu arhosodd am fwy na phum munud. Dechreuwch hi eto',
  },
  'call-confirm-other': {
    sentence: 'Ni all yr un person ddechrau a chadarnhau galwad i lawer o bobl',
    remedy: 'Gofynnwch i ail weithredwr ei chadarnhau dan ei enw ei hun',
  },
  'number-unreadable': {
    sentence: 'Nid rhif ffôn mo hwn, na chyfeirnod y gallai porth ei adnabod',
    remedy: 'Teipiwch y rhif fel 07700 900123 neu +44 7700 900123',
  },
  'address-unreadable': {
    sentence: 'Ni all yr un neges fynd yma: nid yw’n rhif blîp, ysbyty na chyfeiriad radio ar y safle hwn',
    remedy: 'Teipiwch rif blîp, un mewn ysbyty fel 2222@north, neu gyfeiriad radio fel ric:1310720/3',
  },
  'device-unknown': {
    sentence: 'Nid oes dyfais â’r id hwn',
    remedy: 'Edrychwch ar y rhestr o ddyfeisiau',
  },
  'person-unknown': {
    sentence: 'Nid oes neb yn y cyfeiriadur â’r id hwn',
    remedy: 'Dewiswch rywun o’r cyfeiriadur',
  },
  'ward-unknown': {
    sentence: 'Nid oes ffôn o’r safle ar ward o’r enw hwn',
    remedy: 'Dewiswch ward o’r rhestr; daw wardiau o extensions.csv',
  },
  'ask-unknown': {
    sentence: 'Nid un o’ch galwadau chi yw hon, neu nid yw’n cael ei chadw mwyach',
    remedy: 'Edrychwch ar y rhestr o’ch galwadau eich hun',
  },
  'ask-emergency': {
    sentence: 'Ni elwir argyfwng o’r sgrin hon',
    remedy: 'Deialwch y rhif argyfwng ar y ffôn agosaf nawr',
  },
  'ask-barred': {
    sentence: 'Nid yw polisi’r ymddiriedolaeth yn gadael gofyn hyn o’r fan hon',
    remedy: 'Dewiswch frys arall, neu ffoniwch y switsfwrdd',
  },
  'asks-too-many': {
    sentence: 'Gwnaed gormod o alwadau o’r sgrin hon o fewn munud',
    remedy: 'Arhoswch funud, neu ffoniwch y switsfwrdd',
  },
  'role-unknown': {
    sentence: 'Nid oes rôl yn y cyfeiriadur â’r id hwn',
    remedy: 'Dewiswch rôl o’r cyfeiriadur',
  },
  'answer-stale': {
    sentence: 'Gweithredodd rhywun ar yr alwad hon ers yr edrychwyd arni ddiwethaf',
    remedy: 'Edrychwch sut mae pethau, yna atebwch eto os yw’n dal i wneud synnwyr',
  },
  'answer-not-asked': {
    sentence: 'Ni ofynnwyd i’r person hwn ar yr alwad hon',
    remedy: 'Gall y switsfwrdd ofyn i’w rôl hefyd',
  },
  'answer-late': {
    sentence: 'Mae’r alwad eisoes ar gau',
    remedy: 'Nid oes angen dim',
  },
  'answer-overtaken': {
    sentence: 'Gwnaed hyn eisoes, gan rywun arall neu mewn ffordd arall',
    remedy: 'Edrychwch sut mae pethau; nid oes angen dim mwy oni bai eich bod yn anghytuno',
  },
  'code-wrong': {
    sentence: 'Mae’r cod yn anghywir, wedi’i ddefnyddio neu wedi dod i ben',
    remedy: 'Gofynnwch i’r switsfwrdd am god newydd',
  },
  'device-waiting': {
    sentence: 'Mae’r ffôn hwn yn aros i gael ei gadarnhau ar ffôn arall ei berchennog',
    remedy: 'Ar y ffôn arall, dywedwch mai eich un chi yw hwn; neu ffoniwch y switsfwrdd',
  },
  'duty-needs-handover': {
    sentence: 'Nid oes neb arall yn dal rôl argyfwng y person hwn',
    remedy: 'Trosglwyddwch y rôl yn gyntaf; gall y switsfwrdd ei gorfodi',
  },
  'offer-gone': {
    sentence: 'Nid yw’r trosglwyddo ar agor mwyach',
    remedy: 'Edrychwch pwy sy’n dal y rôl nawr',
  },
  'not-yours': {
    sentence: 'Nid yw’r person hwn yn dal y rôl',
    remedy: 'Dim ond y deiliad sy’n trosglwyddo rôl; gall y switsfwrdd ei gorfodi',
  },
  'drill-undone': {
    sentence: 'Rhaid i bwy bynnag sy’n cymryd rôl argyfwng fod wedi ateb caniad prawf yn ddiweddar',
    remedy: 'Maent yn gwneud yr hunan-brawf ar eu ffôn, neu mae’r switsfwrdd yn ei hepgor, gyda rheswm',
  },
  'self-test-impossible': {
    sentence: 'Nid oes gan y ddyfais hon ffordd i ganu',
    remedy: 'Caniatewch hysbysiadau i’r ap a rhowch gynnig arall arni',
  },
} as const satisfies Partial<
  Record<keyof typeof faults, { readonly sentence: string; readonly remedy: string }>
>
