import { z } from 'zod'
import { say } from '../core/catalogue/say.ts'

const amount = (fallback: number, what: string) =>
  z.number().int().positive().default(fallback).meta({ description: what })
const ms = (fallback: number, what: string) => amount(fallback, `${what}, milliseconds`)

/** Bounds of the node itself (core/measure/node-parts.ts). */
export const watch = z.strictObject({
  delayMs: ms(1000, say('settings.daemonMayGetItsWork')),
  memoryBytes: amount(536_870_912, say('settings.memoryThatTheProcessMay')),
  freeBytes: amount(2_147_483_648, say('settings.spaceMustFreeWhereEmbedded')),
  writeMs: ms(500, say('settings.smallWriteDatabaseMayTake')),
  clockMs: ms(1000, say('settings.clockMayJumpOffShared')),
  nodeMs: ms(60_000, say('settings.anotherNodeSharedDatabaseMay')),
})
