import { acts } from './cy/acts.ts'
import { board } from './cy/board.ts'
import { call } from './cy/call.ts'
import { card } from './cy/card.ts'
import { common } from './cy/common.ts'
import { device } from './cy/device.ts'
import { devices } from './cy/devices.ts'
import { entry } from './cy/entry.ts'
import { find } from './cy/find.ts'
import { frame } from './cy/frame.ts'
import { patient } from './cy/patient.ts'
import { phone } from './cy/phone.ts'
import { ready } from './cy/ready.ts'
import { reasons } from './cy/reasons.ts'
import { rota } from './cy/rota.ts'
import { start } from './cy/start.ts'
import { todo } from './cy/todo.ts'
import { unclear } from './cy/unclear.ts'
import { ward } from './cy/ward.ts'
import { ways } from './cy/ways.ts'
import type { Catalogue } from './say.ts'

/**
 * Welsh for phone, board, ward screen, and the pages that say how people are rung. **No translator has read it yet:** a trust has it read before staff rely on
 * it. What is not here is said in English.
 */
export const CY = {
  acts,
  board,
  card,
  common,
  device,
  devices,
  entry,
  find,
  frame,
  patient,
  phone,
  ready,
  reasons,
  rota,
  unclear,
  ward,
  ways,
  call,
  start,
  todo,
} as const satisfies Catalogue
