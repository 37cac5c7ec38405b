// Loaded into the daemon before anything else: the system clock, off by the milliseconds that a file holds.
import { readFileSync } from 'node:fs'

const file = process.env.CHAOS_CLOCK ?? ''
const real = Date.now
let off = 0
Date.now = () => real() + off
setInterval(() => {
  try {
    off = Number(readFileSync(file, 'utf8')) || 0
  } catch {
    off = 0
  }
}, 50).unref()
