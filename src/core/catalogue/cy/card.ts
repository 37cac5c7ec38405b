export const card = {
  closed: 'Ar gau',
  acting: 'Mae {by} yn delio â hyn',
  covered: 'Tîm llawn ar y ffordd',
  asking: 'Yn galw pobl nawr',
  step: 'Yn galw’r bobl nesaf',
  repeat: 'Yn galw pawb eto',
  receipt: 'Yn galw eto’r ffonau sydd heb gadarnhau',
  insist: 'Yn galw eto’r rhai sydd heb edrych',
  also: 'Yn galw’r rôl ychwanegol eto',
  hold: 'Bydd y larwm yn dod yn ôl',
  lapse: 'Yn galw eto’r rhai sydd heb gyrraedd',
  close: 'Yn cau ohono’i hun',
} as const
