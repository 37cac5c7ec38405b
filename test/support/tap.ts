/** Bytes that TAP dialogues are made of, for `play`. Checksums were computed apart from this project. */
export const TAP_WORDS: Readonly<Record<string, string>> = {
  id: '"ID="',
  logon: '1B "PG1" 0D',
  welcome: '"110 1.8" 0D 06 0D 1B "[p" 0D',
  /** To 1234, "CALL 5678"; sum 767. */
  call: '02 "1234" 0D "CALL 5678" 0D 03 "2??" 0D',
  /** The same with its checksum damaged. */
  damaged: '02 "1234" 0D "CALL 5678" 0D 03 "2?>" 0D',
  accepted: '"211 Page accepted" 0D 06 0D',
  again: '"514 Checksum does not fit" 0D 15 0D',
  goodbye: '"115 Goodbye" 0D 1B 04 0D',
}
