import { acts } from './en-GB/acts.ts'
import { board } from './en-GB/board.ts'
import { call } from './en-GB/call.ts'
import { card } from './en-GB/card.ts'
import { common } from './en-GB/common.ts'
import { device } from './en-GB/device.ts'
import { devices } from './en-GB/devices.ts'
import { entry } from './en-GB/entry.ts'
import { find } from './en-GB/find.ts'
import { frame } from './en-GB/frame.ts'
import { lines } from './en-GB/lines.ts'
import { log } from './en-GB/log.ts'
import { phone } from './en-GB/phone.ts'
import { reasons } from './en-GB/reasons.ts'
import { reports } from './en-GB/reports.ts'
import { review } from './en-GB/review.ts'
import { rota } from './en-GB/rota.ts'
import { start } from './en-GB/start.ts'
import { tests } from './en-GB/tests.ts'
import { todo } from './en-GB/todo.ts'
import { unclear } from './en-GB/unclear.ts'
import { voice } from './en-GB/voice.ts'
import { ward } from './en-GB/ward.ts'
import { ways } from './en-GB/ways.ts'

/**
 * Everything that a person reads, in plain UK English, by subject. Read it aloud as a tired operator would. The words of
 * faults stand beside it (en-GB/faults.ts), each with what to do.
 */
export const EN_GB = {
  acts,
  board,
  call,
  card,
  common,
  device,
  devices,
  entry,
  find,
  frame,
  lines,
  log,
  phone,
  reasons,
  reports,
  review,
  rota,
  start,
  tests,
  todo,
  unclear,
  ways,
  voice,
  ward,
} as const
