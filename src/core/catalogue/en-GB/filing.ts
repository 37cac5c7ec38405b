/** Filing in the patient's record: the governance page, the alert and the phone. */
export const filing = {
  compare: 'Compare name and date of birth with the patient, then confirm',
  readOut: 'Compare the number with the patient’s wristband, then confirm',
  notAsked: 'The record could not be asked for the name. Compare the number with the wristband, then confirm',
  bornDiffers: 'The date of birth in the call is another one. Make sure before you confirm',
} as const
