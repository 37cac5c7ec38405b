/** Bytes that ESPA dialogues are made of, for `play`. The blocks are golden ones; see test/golden/espa/blocks.json. */
export const ESPA_WORDS: Readonly<Record<string, string>> = {
  /** The switchboard has a call: EOT, polls itself, selects the paging system. */
  select: '04 31 05 32 05',
  heartbeat: '04 31 05 32 05',
  poll: '04 32 05',
  ack: '06',
  eot: '04',
  bad: '31 15',
  busy: '32 15',
  huh: '33 15',
  /** Two records, to 1006, "CALL 5678". Its check byte is 04. */
  call: '01 31 02 31 1F 31 30 30 36 1E 32 1F "CALL 5678" 03 04',
  /** The same with its check byte damaged. */
  damaged: '01 31 02 31 1F 31 30 30 36 1E 32 1F "CALL 5678" 03 05',
  /** To 1234, beep 1, standard, "CALL 5678". Its check byte is 03. */
  standard:
    '01 31 02 31 1F 31 32 33 34 1E 32 1F "CALL 5678" 1E 33 1F 31 1E 34 1F 33 1E 35 1F 31 1E 36 1F 33 03 03',
  /** What we say became of `standard`: paged, acknowledged. */
  paged: '01 32 02 31 1F 31 32 33 34 1E 33 1F 31 1E 32 1F "CALL 5678" 1E 37 1F 33 03 02',
  acknowledged: '01 32 02 31 1F 31 32 33 34 1E 33 1F 31 1E 32 1F "CALL 5678" 1E 37 1F 36 03 07',
}
