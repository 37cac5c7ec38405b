export const record = {
  hadBoardScreenWhileOpen: 'Had the board on the screen while it was open',
  openedIt: 'Opened it',
  theirPhoneFetchedIt: 'Their phone fetched it',
  readListBleepsWait: 'Read it on the list of bleeps that wait',
  foundSearchGovernance: 'Found it in a search for governance',
  copiedItForGovernance: 'Copied it for governance',
  tracedItForGovernance: 'Traced it for governance',
  theirPhoneHasIt: 'Their phone has it',
  theirPhoneShowedIt: 'Their phone showed it',
  openedOnTheirPhone: 'Opened on their phone',
  pageItselfWentOutRadio:
    'The page itself went out by radio to every receiver with that address: who read it there nobody can know.',
  boardShowsWhatOpenEverybody:
    'A board shows what is open: everybody who had it on the screen then could read this.',
  sharedPhoneToldItsRole: 'A shared phone is told by its role; who held it comes from the rota.',
  phoneNoLongerOnRecord: 'phone no longer on record',
  screenOfTheWard: 'screen of the ward',
  sharedPhoneOf: 'shared phone of {role}',
  everythingSystemHoldsFound:
    'Everything this system holds that was found by the search named above, as it stood when this was made.',
  wordsWhoseKeepTimeOver:
    'Words whose keep time is over are gone; what is left says who, when and how urgent.',
  notHereRawLineCaptures:
    'Not in here: raw line captures and copies of the database, which go by their own keep times; the patient’s record, which is kept elsewhere.',
  wordsPagesLeftOutThey:
    'The words of the pages are left out: they are the patients’. Other people’s answers are left out.',
  notHereSitesOwnFiles: 'Not in here: the site’s own files of people and rota.',
  copiesDatabaseRawLineCaptures:
    'It goes from raw line captures and from the copies of the database here too. A copy that was carried away keeps it until it is restored here. Phones keep what they were told for seven days.',
  wordsPlaceCallBackNumber:
    'Words, place, call-back number, replies and notes go. Who was bleeped, when, how urgently and what they answered stays, and so do all figures.',
  pseudonymTakesTheirPlaceAlerts:
    'A pseudonym takes their place in alerts, attempts, hops and rota; what they wrote goes; their phones are revoked. Their name in other people’s words stays.',
  sitesOwnFilesPeopleRota: 'The site’s own files of people and rota are the site’s to change.',
  entryBeforeTakenOut: 'An entry before it was taken out',
  longerSaysWhatSaid: 'It no longer says what it said',
  putOneBeforeTakenOut: 'It was put in, or one before it was taken out',
  chainDoesNotLeadThrough: 'The chain does not lead through the place that was written down',
  placesNotOurs: 'lines of the second place that are not ours: {forged}',
  sealNotMadeWithOurKey: 'A seal was made without our key: somebody else made the chain again',
  chainEndsBeforePlaceWritten: 'The chain ends before the place that was written down',
  nhsRecordsManagementCode: 'NHS Records Management Code of Practice, Appendix II',
  whatWrittenPageTextEvery:
    'What was written: page text with every tap’s reading of it, place, call-back number, replies, notes',
  ukGdprStorageLimit:
    'UK GDPR Article 5(1)(e): no longer than needed. What belongs in the patient’s record is filed there; the Code names no period for bleeps, so it is the site’s decision',
  whoBleepedAskedWhenWhich:
    'Who was bleeped and asked, when, by which device, what they answered: bleeps, alerts, attempts, hops',
  limitationAct:
    'Limitation Act 1980, section 11: three years for a claim after an injury. The site’s decision',
  whatEachPhoneToldAlert: 'What each phone was told, by alert and time: pointers, no words',
  phoneKeepsSevenDaysItself: 'A phone keeps seven days itself; longer serves nobody. The site’s decision',
  callRecordsExchangeSentThem: 'Call records of the exchange, as it sent them',
  telephonySystemsRecordOneYear: '{code}: telephony systems record, one year',
  changesRotaOverLeaveSwaps: 'Changes of the rota that are over: leave, swaps, hand-overs of a role',
  sitesDecisionRotaRecordSites: 'The site’s decision: the rota of record is the site’s own',
  phonesWereSignedOutRevoked:
    'Phones that were signed out, revoked or are dead, since they were last seen: whose they were',
  longAlertsTheirRecordNames:
    'As long as alerts: their record names the phones that had them. The site’s decision',
  figuresReportsTimesRoleClass:
    'Figures of reports: times by role and class, calls by extension. No words, no names',
  holdNobodysDataComparisonTime:
    'Hold nobody’s data; comparison with the time before phones needs them. The site’s decision',
  whoDidWhatWhoLooked:
    'Who did what and who looked at what. The chain’s digests stay for ever and hold nobody’s data',
  longAdultsHealthRecordEight:
    'As long as an adult’s health record ({code}: eight years), so that a look can be traced for as long as somebody may ask. The Code names no period for audit trails: the site’s decision',
  rawBytesLinesWhereCapture: 'Raw bytes of the lines, where capture is on: page text is in them',
  faultsLineDatabaseAwayBounded:
    'For faults on a line and a database that was away; bounded by size as well. The site’s decision',
} as const
