import { expect, test } from 'vitest'
import { lifeFault } from '../../src/io/line/port-fault.ts'

test.each([
  ['EIO', 'port-unplugged'],
  ['ENXIO', 'port-unplugged'],
  ['ENODEV', 'port-unplugged'],
  ['ENOSPC', 'port-failed'],
  [undefined, 'port-failed'],
] as const)('an open port that answers %s: %s', (code, fault) => {
  const error = Object.assign(new Error('told by the system'), code === undefined ? {} : { code })
  expect(lifeFault(error)).toEqual({ code: fault, detail: 'told by the system' })
})
