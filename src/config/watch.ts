import { z } from 'zod'

const amount = (fallback: number, what: string) =>
  z.number().int().positive().default(fallback).meta({ description: what })
const ms = (fallback: number, what: string) => amount(fallback, `${what}, milliseconds`)

/** Bounds of the node itself (core/measure/node-parts.ts). */
export const watch = z.strictObject({
  delayMs: ms(1000, 'The daemon may get to its work so late'),
  memoryBytes: amount(536_870_912, 'Memory that the process may hold'),
  freeBytes: amount(2_147_483_648, 'Space that must be free where the embedded database lies'),
  writeMs: ms(500, 'A small write to the database may take'),
  clockMs: ms(1000, 'The clock may jump, or be off that of a shared database'),
  nodeMs: ms(60_000, 'Another node of a shared database may be unheard of'),
})
