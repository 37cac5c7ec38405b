import { account } from './en-GB/account.ts'
import { acts } from './en-GB/acts.ts'
import { board } from './en-GB/board.ts'
import { call } from './en-GB/call.ts'
import { card } from './en-GB/card.ts'
import { cli } from './en-GB/cli.ts'
import { common } from './en-GB/common.ts'
import { device } from './en-GB/device.ts'
import { devices } from './en-GB/devices.ts'
import { entry } from './en-GB/entry.ts'
import { figures } from './en-GB/figures.ts'
import { filed } from './en-GB/filed.ts'
import { filing } from './en-GB/filing.ts'
import { find } from './en-GB/find.ts'
import { footnotes } from './en-GB/footnotes.ts'
import { frame } from './en-GB/frame.ts'
import { hops } from './en-GB/hops.ts'
import { incident } from './en-GB/incident.ts'
import { lines } from './en-GB/lines.ts'
import { log } from './en-GB/log.ts'
import { night } from './en-GB/night.ts'
import { parallel } from './en-GB/parallel.ts'
import { patient } from './en-GB/patient.ts'
import { phone } from './en-GB/phone.ts'
import { policy } from './en-GB/policy.ts'
import { post } from './en-GB/post.ts'
import { poster } from './en-GB/poster.ts'
import { ready } from './en-GB/ready.ts'
import { reasons } from './en-GB/reasons.ts'
import { record } from './en-GB/record.ts'
import { refusals } from './en-GB/refusals.ts'
import { reports } from './en-GB/reports.ts'
import { requests } from './en-GB/requests.ts'
import { review } from './en-GB/review.ts'
import { rota } from './en-GB/rota.ts'
import { routes } from './en-GB/routes.ts'
import { settings } from './en-GB/settings.ts'
import { start } from './en-GB/start.ts'
import { tests } from './en-GB/tests.ts'
import { timeline } from './en-GB/timeline.ts'
import { todo } from './en-GB/todo.ts'
import { unclear } from './en-GB/unclear.ts'
import { voice } from './en-GB/voice.ts'
import { wall } from './en-GB/wall.ts'
import { ward } from './en-GB/ward.ts'
import { watch } from './en-GB/watch.ts'
import { ways } from './en-GB/ways.ts'

/** What the screens themselves say: they are sent all of it. */
export const SCREENS = {
  account,
  acts,
  board,
  call,
  card,
  common,
  device,
  devices,
  entry,
  filing,
  patient,
  find,
  frame,
  incident,
  lines,
  log,
  phone,
  policy,
  post,
  poster,
  ready,
  reports,
  requests,
  review,
  rota,
  start,
  tests,
  todo,
  wall,
  ways,
  ward,
} as const

/**
 * Everything that a person reads, in plain UK English, by subject. Read it aloud as a tired operator would. The words of
 * faults stand beside it (en-GB/faults.ts), each with what to do.
 */
export const EN_GB = {
  ...SCREENS,
  cli,
  figures,
  filed,
  footnotes,
  hops,
  night,
  parallel,
  reasons,
  record,
  refusals,
  routes,
  settings,
  timeline,
  unclear,
  voice,
  watch,
} as const
