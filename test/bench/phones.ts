import { type Held, idlePhones } from './idle-phones.ts'

/**
 * How much memory the daemon holds with idle phones on the LAN socket, and how long a bleep needs to reach one of them.
 * `npm run bench:phones -- 5000`; exits 1 when the bound is missed.
 */
const BOUND = 200

const count = Number(process.argv[2] ?? 5000)
const { ready, idle, rung, heard } = await idlePhones(count)
const show = ({ now, most }: Held) => `${now.toFixed(0)} MB, at most ${most.toFixed(0)} MB so far`
console.log(`daemon ready: ${show(ready)}`)
console.log(
  `${count} idle phones, two heartbeats later: ${show(idle)} (${(((idle.now - ready.now) * 1000) / count).toFixed(1)} kB a phone)`,
)
console.log(`after ${heard.length} bleeps to one of them: ${show(rung)}   bound < ${BOUND} MB`)
console.log(
  `line → the phone's stream: p50 ${heard[heard.length >> 1]?.toFixed(1)} ms, max ${heard.at(-1)?.toFixed(1)} ms`,
)
process.exitCode = rung.most < BOUND ? 0 : 1
