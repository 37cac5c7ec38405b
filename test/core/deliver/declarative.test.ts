import { expect, test } from 'vitest'
import { declarative } from '../../../src/core/deliver/declarative.ts'
import { asId } from '../../../src/core/ids.ts'

test('a browser that shows it by itself finds what the worker would show, where to go, and no word of the page', () => {
  const bell = { id: 'attempt-1', class: 'emergency', purpose: 'ask' } as const
  expect(declarative(bell, 'tag-1', 'https://bleeps.example', asId('alert-1'))).toEqual({
    web_push: 8030,
    notification: {
      ...{ title: 'Emergency call', body: 'Unlock to read', tag: 'tag-1', silent: false },
      navigate: 'https://bleeps.example/app/#/alert/alert-1',
      data: { ...bell, tag: 'tag-1' },
    },
    mutable: true,
    ...bell,
    tag: 'tag-1',
  })
})
