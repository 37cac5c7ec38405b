import { expect, test } from 'vitest'
import { openLine, play } from '../../../support/score.ts'

const snpp = (score: string) =>
  play('snpp', {}, score, {
    id: '"250 Pager number taken" 0D 0A',
    text: '"250 Message taken" 0D 0A',
    noted: '"250 Noted" 0D 0A',
    sent: '"250 Page accepted" 0D 0A',
    ready: '"220 Bleep Bridge SNPP ready" 0D 0A',
    bye: '"221 Goodbye" 0D 0A',
    unknown: '"500 Command is not known here" 0D 0A',
  })

test('level 1: a page is answered once stored', () => {
  snpp(`
    opened
    < {ready}
    > "PAGE 1234" 0D 0A
    < {id}
    > "MESS Call 5678" 0D 0A
    < {text}
    > "SEND" 0D 0A
    page 1234 "Call 5678"
    wait 300
    stored
    < {sent}
    > "QUIT" 0D 0A
    < {bye}
    hang-up
    > "SEND" 0D 0A`)
})

test('the commands of one fielded client, which hangs up without QUIT', () => {
  snpp(`
    opened
    < {ready}
    > "LOGI user" 0D 0A
    < "250 No log-in is needed" 0D 0A
    > "SITE FROMUSER root" 0D 0A
    < {unknown}
    > "LEVE 1" 0D 0A
    < {noted}
    > "page 1234" 0D 0A
    < {id}
    > "MESS Hello" 0D 0A
    < {text}
    > "SEND" 0D 0A
    page 1234 "Hello"
    stored
    < {sent}
    closed
    opened
    < {ready}`)
})

test('level 2: a message of lines, dots undoubled, to two pagers; answered when both are stored', () => {
  snpp(`
    > "PAGE 1" 0A "PAGE 2" 0A "DATA" 0A
    < {id}
    < {id}
    < "354 Begin the message, end it with a dot alone on a line" 0D 0A
    > "one" 0D 0A "..two" 0D 0A "." 0D 0A
    < {text}
    > "SEND" 0D 0A
    page 1 "one\\n.two"
    page 2 "one\\n.two"
    stored 2
    stored 1
    < {sent}`)
})

test('one page of several that is not stored makes the answer negative', () => {
  snpp(`
    > "PAGE 1" 0A "PAGE 2" 0A "MESS x" 0A "SEND" 0A
    < {id}
    < {id}
    < {text}
    page 1 "x"
    page 2 "x"
    refused 1
    stored 2
    < "554 Not stored, send again later" 0D 0A`)
})

test('what is missing, given twice or malformed is said', () => {
  snpp(`
    > "SEND" 0A "PAGE" 0A "PAGE 1" 0A "SEND" 0A "MESS" 0A "MESS x" 0A "MESS y" 0A "DATA" 0A "LEVE" 0A "WHAT" 0A 0A
    < "503 Pager number is missing" 0D 0A
    < "550 Pager number is missing or malformed" 0D 0A
    < {id}
    < "503 Message is missing" 0D 0A
    < "550 Message is empty" 0D 0A
    < {text}
    < "503 Message is already given" 0D 0A
    < "503 Message is already given" 0D 0A
    < "550 A value is missing" 0D 0A
    < {unknown}
    < {unknown}
    > "RESE" 0A "SEND" 0A
    < "250 Reset" 0D 0A
    < "503 Pager number is missing" 0D 0A
    > "HELP" 0A
    < "214 PAGE MESS DATA SEND RESE QUIT HELP LOGI LEVE ALER COVE HOLD CALL SUBJ" 0D 0A "250 End of help" 0D 0A`)
})

test('commands sent without waiting keep their order around a page being stored', () => {
  snpp(`
    > "PAGE 1" 0A "MESS x" 0A "SEND" 0A "PAGE 2" 0A "MESS y" 0A "SEND" 0A
    < {id}
    < {text}
    page 1 "x"
    stored
    < {sent}
    < {id}
    < {text}
    page 2 "y"
    stored
    < {sent}`)
})

test('ten kilobytes are refused, a line without end stays bounded', () => {
  const line = openLine('snpp')
  const say = (text: string) =>
    line
      .step({ kind: 'bytes', bytes: Buffer.from(text), at: 0 })
      .filter((e) => e.kind === 'reply')
      .map((e) => Buffer.from(e.bytes).toString())
  expect(say(`MESS ${'X'.repeat(10_240)}\n`)).toEqual(['550 Message is too long\r\n'])
  expect(say('X'.repeat(100_000))).toEqual([])
  expect(say('\n')).toEqual(['500 Line is too long\r\n'])
  expect(say(`DATA\n${'X\n'.repeat(10_240)}.\n`)[1]).toBe('550 Message is too long\r\n')
})

test('commands spelt out in full, as the standard prints them, and cut off anywhere from the fourth letter', () => {
  snpp(`
    > "PAGER 2201" 0D 0A "Message FIRE ZONE 3" 0D 0A "CALLERID 4421" 0D 0A "SEND" 0D 0A
    < {id}
    < {text}
    < {noted}
    page 2201 "FIRE ZONE 3"
    stored
    < {sent}
    > "PAGE 2202 4455" 0D 0A "messa CARDIAC ARREST WARD 7" 0D 0A "LEVEL 2" 0D 0A "RESET" 0D 0A
    < {id}
    < {text}
    < {noted}
    < "250 Reset" 0D 0A
    > "PAGES 1" 0D 0A "MES x" 0D 0A "PAGE" 0D 0A
    < {unknown}
    < {unknown}
    < "550 Pager number is missing or malformed" 0D 0A`)
})
