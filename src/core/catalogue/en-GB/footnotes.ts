export const footnotes = {
  callRecordsWithoutUsableTime: 'call records without a usable time were left out',
  callRecordsWhoseDateDays: 'call records whose date is days away from when they arrived were left out',
  callRecordsStampedAfterThey: 'call records stamped after they arrived were left out',
  callRecordsCameTwiceWere: 'call records came twice and were counted once',
  callRecordsCameOutOrder: 'call records came out of order and were sorted',
  callRecordsCameMoreThan:
    'call records came more than five minutes after their call and were used all the same',
  callRecordsAroundJumpExchanges: 'call records around a jump of the exchange’s clock were left out',
  exchangesClockHourMoreOff: 'the exchange’s clock is an hour or more off; its times were corrected',
  callRecordsCameOnlyBatches:
    'call records came only in batches, so the exchange’s clock could not be measured; it was taken to be right',
  callRecordsExistTimeBefore:
    'no call records exist: the time before is an assumed constant and not a measurement',
  callBackRequestsShared:
    'call-back requests shared an extension with another within 15 minutes and were left out',
  requestsFellWhereCallRecords: 'requests fell where call records were left out, and were left out with them',
  requestsRepeatedOpenOneWere: 'requests repeated an open one and were timed from the first',
  requestsCameTooCloseEnd:
    'requests came too close to the end of the span to be followed for 15 minutes and were left out',
  bleepsBeforeCarriedCallBack: 'bleeps before carried no call-back number, so their time is unknown',
  bleepsWentRoleDirectoryAppear: 'bleeps went to no role of the directory and appear under “no role”',
  bleepsFellIntoShiftShift: 'bleeps fell into no shift: the shift pattern has a gap',
  bleepsCarriedTimesRunBackwards: 'bleeps carried times that run backwards; those times were left out',
} as const
