#!/usr/bin/env node
// Checks an incident pack of Bleep Bridge; needs nothing but Node. Usage: node check-incident.js FILE [KEY]
//
// Each line of the file is a JSON object with its number `n` and, in `prev`, the SHA-256 (hex) of the whole line before it,
// without its line break. The last line has `sort` "end", the number of `records` before it, the public `key` (Ed25519, SPKI
// in base64) and the `signature` (base64) over its own `prev`, as text. Ask the hospital for its key by another way: it is
// also in their audit, as its SHA-256.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

const [file, expected] = process.argv.slice(2)
const lines = readFileSync(file ?? 0, 'utf8')
  .trimEnd()
  .split('\n')
const fail = (why) => {
  console.error(`NOT SOUND: ${why}`)
  process.exit(1)
}
let prev = ''
for (const [n, line] of lines.entries()) {
  const record = JSON.parse(line)
  if (record.n !== n) fail(`line ${n + 1} is not in its place`)
  if (record.prev !== prev) fail(`line ${n} was changed, or a line beside it put in or taken out`)
  prev = createHash('sha256').update(line).digest('hex')
}
const end = JSON.parse(lines.at(-1))
if (end.sort !== 'end' || end.records !== lines.length - 1) fail('the end is missing')
const key = createPublicKey({ key: Buffer.from(end.key, 'base64'), type: 'spki', format: 'der' })
if (!verify(null, Buffer.from(end.prev), key, Buffer.from(end.signature, 'base64')))
  fail('the signature does not fit')
if (expected !== undefined && expected !== end.key) fail('it was signed with another key')
console.log(`SOUND: ${end.records} records, signed with ${end.key}`)
