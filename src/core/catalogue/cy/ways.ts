export const ways = {
  ntfy: 'ntfy',
  text: 'neges destun',
  ntfyDoes:
    'Yn canu drwy’r modd tawel, o weinydd yr ysbyty ei hun: mae’r ap ntfy’n dal ei gysylltiad ei hun ac yn gweithio gyda’r rhyngrwyd wedi’i dorri. Atebir drwy ei fotymau.',
  voice: 'galwad ffôn',
  voiceDoes:
    'Galwad i unrhyw ffôn neu estyniad, drwy gyfnewidfa’r ysbyty: yn gweithio gyda’r rhyngrwyd wedi’i dorri. Mae’n dweud beth yw hi, ddwywaith. Mae bysell 1 yn golygu dod, 2 ddim yn dod, ac mae 3 yn ei ddweud eto. Nid yw blwch llais yn pwyso bysell ac nid yw’n cyfrif fel neb. Mae’n canu pan nad oes dim arall gan y person hwnnw wedi rhoi arwydd, neu ar unwaith lle nad oes dim arall.',
  notify: 'neges destun drwy GOV.UK Notify',
  notifyDoes:
    'Neges destun i unrhyw ffôn symudol, drwy’r rhyngrwyd: dim ond dweud wrth rywun am edrych. Mae’n mynd pan nad oes dim arall gan y person hwnnw wedi rhoi arwydd, neu ar unwaith lle nad oes dim arall.',
  modem: 'neges destun drwy fodem yr ysbyty',
  modemDoes:
    'Neges destun i unrhyw ffôn symudol, drwy fodem yn yr adeilad hwn: yn gweithio gyda’r rhyngrwyd wedi’i dorri. Dweud wrth rywun am edrych, a, lle daw negeseuon yn ôl, ateb drwy 1 neu 2. Mae’n mynd pan nad oes dim arall gan y person hwnnw wedi rhoi arwydd, neu ar unwaith lle nad oes dim arall.',
  nudgeDoes:
    'Neges destun i unrhyw ffôn, drwy borth yr ysbyty: dim ond dweud wrth rywun am edrych. Mae’n mynd pan nad oes dim arall gan y person hwnnw wedi rhoi arwydd, neu ar unwaith lle nad oes dim arall.',
  all: 'Beth mae pob ffordd yn ei wneud',
  webpush: 'ein hap, drwy hysbysiad gwthio',
  webpushDoes:
    'Yn canu’r ap ar gau neu ar agor, drwy’r rhyngrwyd a gwneuthurwr porwr y ffôn. Gall y modd tawel, Ffocws neu arbed batri ei gadw’n dawel, felly profir pob ffôn. Atebir yn yr ap.',
  socket: 'ein hap, drwy rwydwaith yr ysbyty',
  socketDoes:
    'Yn canu’r ap tra bydd ar agor, hefyd gyda’r rhyngrwyd wedi’i dorri. Nid yw’n canu ffôn gyda’r ap ar gau.',
  lastOnes:
    'Mae argyfwng yn canu pob ffôn sydd gan berson ar unwaith. Daw galwad neu neges olaf, oni bai eu bod yn ei rhoi’n gyntaf. Nid oes unrhyw ffordd yn cario geiriau claf.',
  enterTitle: 'Rhoi ffordd arall o alw rhywun',
  whose: 'Pwy',
  which: 'Pa ffordd',
  number: 'Rhif ffôn, estyniad neu gyfeirnod porth',
  hidden: 'Ar ôl hyn, dim ond y tri digid olaf a ddangosir.',
  enter: 'Ei roi a’i brofi',
  topicOf: 'Pwnc {name}. Dim ond nawr y’i dangosir.',
  topicQr: 'Cod QR sy’n agor y pwnc yn yr ap ntfy',
  topicHow:
    'Sganiwch ef â chamera’r ffôn, neu ychwanegwch y pwnc yn yr ap ntfy â llaw. Gadewch i’r ap ddiystyru Peidiwch ag aflonyddu yng ngosodiadau’r ffôn. Yna pwyswch “Profi” yn y rhestr.',
  done: 'Gorffen',
  tryIt: 'Profi',
  tried: 'Mae {label} {owner} yn cael ei ganu. Gofynnwch iddynt bwyso ei fotwm.',
  taken: 'Rhoddwyd {number} {name}. Gofynnwch iddynt a ddaeth y prawf.',
  notTaken: 'Rhoddwyd {number} {name}, ond ni ellid anfon prawf ato.',
  orReply: 'Neu atebwch 1 os ydych yn dod, 2 os nad ydych.',
  count: '{n|other:# ffordd}',
  never: 'erioed wedi’i ddangos yn canu',
  howRung: 'Sut yr ydych yn cael eich galw',
  howRungSays:
    'Mae argyfwng yn canu pob ffôn ar unwaith. Ar gyfer unrhyw beth arall mae’r cyntaf yn canu, yna pob un. Daw negeseuon a galwadau olaf, oni bai eich bod yn eu rhoi’n gyntaf.',
  thisPhone: 'Y ffôn hwn',
  pushHere: 'hysbysiad gwthio',
  whileOpen: 'ap ar agor',
  display: 'arddangosydd',
  earlier: 'Canu’n gynharach',
  siteOrder: 'Yn ôl i drefn yr ysbyty',
  neverShown: '{way}: heb ei ddangos yn canu eto.',
  shownAt: '{way}: canodd {at} {at2}.',
  textDelivered: 'mae’r rhwydwaith yn dweud bod y neges ar y ffôn',
  textUndelivered: 'ni allai’r rhwydwaith gyflwyno’r neges',
  noKey: 'atebwyd, heb bwyso bysell: blwch llais efallai',
  topicMade: 'Crëwyd pwnc ar gyfer {name}.',
} as const
