export const patient = {
  compare: 'Cymharwch yr enw a’r dyddiad geni â’r claf, yna cadarnhewch',
  readOut: 'Cymharwch y rhif â band arddwrn y claf, yna cadarnhewch',
  notAsked: 'Ni ellid gofyn i’r cofnod am yr enw. Cymharwch y rhif â’r band arddwrn, yna cadarnhewch',
  bornDiffers: 'Mae dyddiad geni arall yn yr alwad. Gwnewch yn siŵr cyn cadarnhau',
  whose: 'Dweud cofnod pwy',
  number: 'Rhif GIG neu rif yr ysbyty',
  readBack: 'Darllen yn ôl',
  born: ', ganwyd {day}',
  confirm: 'Ie, y claf hwn',
  set: 'Wedi’i ffeilio o dan y claf hwnnw',
  record: 'Cofnod y claf',
  open: 'Gellir ffeilio galwad yng nghofnod y claf yr oedd yn ymwneud ag ef.',
} as const
