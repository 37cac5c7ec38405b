/** One call inside the house, as a simulator lets it happen. */
export interface Call {
  readonly at: Date
  readonly from: string
  readonly to: string
  readonly ringSeconds: number
  readonly talkSeconds: number
  readonly id: number
}

const two = (n: number): string => String(n).padStart(2, '0')
const hms = (seconds: number): string =>
  `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
const clockTime = (at: Date): string => `${two(at.getHours())}:${two(at.getMinutes())}`

/** How each kind of exchange prints a call, by the position tables in the sources of its profile. */
export const PRINTS: Readonly<Record<string, (call: Call) => string>> = {
  'avaya-ip-office': (c) => {
    const date = `${c.at.getFullYear()}/${two(c.at.getMonth() + 1)}/${two(c.at.getDate())}`
    const stamp = `${date} ${clockTime(c.at)}:${two(c.at.getSeconds())}`
    const parties = `E${c.from},Extn${c.from},E${c.to},Extn${c.to}`
    return `${stamp},${hms(c.talkSeconds)},${c.ringSeconds},${c.from},O,${c.to},${c.to},,1,${c.id},0,${parties},0,0,,,,,,,,,,,,,,\r\n`
  },
  'mitel-smdr': (c) => {
    const line = [...' '.repeat(90)]
    const put = (column: number, text: string): void => {
      line.splice(column - 1, text.length, ...text)
    }
    put(2, `${two(c.at.getMonth() + 1)}/${two(c.at.getDate())}`)
    put(8, clockTime(c.at))
    put(15, hms(c.talkSeconds))
    put(24, c.from)
    put(30, String(c.ringSeconds).padStart(3, '0'))
    put(34, c.to)
    put(60, 'I')
    put(62, c.to)
    return `${line.join('').trimEnd()}\r\n`
  },
}
