/** Saying whose record a call belongs in: on the phone and on the pages Filings and alert. */
export const patient = {
  compare: 'Compare name and date of birth with the patient, then confirm',
  readOut: 'Compare the number with the patient’s wristband, then confirm',
  notAsked: 'The record could not be asked for the name. Compare the number with the wristband, then confirm',
  bornDiffers: 'The date of birth in the call is another one. Make sure before you confirm',
  whose: 'Say whose record',
  number: 'NHS or hospital number',
  readBack: 'Read back',
  born: ', born {day}',
  confirm: 'Yes, this patient',
  set: 'Filed under that patient',
  record: 'Patient’s record',
  open: 'A call may be filed in the record of the patient that it was about.',
} as const
