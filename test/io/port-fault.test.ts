import { expect, test } from 'vitest'
import { fileFault, lifeFault } from '../../src/io/line/port-fault.ts'

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

test.each([
  ['ENOENT', 'port-absent'],
  ['ENOTDIR', 'port-absent'],
  ['EACCES', 'port-denied'],
  ['EPERM', 'port-denied'],
  ['EMFILE', 'port-failed'],
] as const)('a path that answers %s: %s', (code, fault) => {
  expect(fileFault(Object.assign(new Error('told'), { code }))).toEqual({ code: fault, detail: 'told' })
})
