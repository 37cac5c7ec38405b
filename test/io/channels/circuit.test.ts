import { expect, test } from 'vitest'
import { Circuit } from '../../../src/io/channels/circuit.ts'
import type { Outcome } from '../../../src/ports/channel.ts'

const down: Outcome = { kind: 'later', fault: 'provider-unavailable' }
const dead: Outcome = { kind: 'dead', fault: 'push-address-dead' }

const fail = (circuit: Circuit, devices: readonly string[], at = 0) => {
  for (const device of devices) circuit.heard(device, down, at)
}

test('one phone that fails for ever never holds back the others', () => {
  const circuit = new Circuit()
  fail(
    circuit,
    Array.from({ length: 50 }, () => 'bad'),
  )
  expect(circuit.wait(0)).toBeUndefined()
})

test('several phones failing in a row rest the provider, then one trial goes through', () => {
  const circuit = new Circuit()
  fail(circuit, ['a', 'b', 'c', 'a', 'b'])
  expect(circuit.wait(0)).toBe(2000)
  expect(circuit.wait(1500)).toBe(500)
  expect(circuit.wait(2000)).toBeUndefined()
  expect(circuit.wait(2001)).toBeGreaterThan(0)
})

test('after each failed trial it rests as long again, however long the illness lasts', () => {
  const circuit = new Circuit()
  fail(circuit, ['a', 'b', 'c', 'a', 'b'])
  const rests: number[] = []
  let now = 0
  for (let i = 0; i < 7; i++) {
    const rest = circuit.wait(now) ?? 0
    rests.push(rest)
    now += rest
    expect(circuit.wait(now)).toBeUndefined()
    fail(circuit, ['a'], now)
  }
  expect(rests).toEqual([2000, 2000, 2000, 2000, 2000, 2000, 2000])
})

test('any answer that is not the provider’s own trouble closes it at once', () => {
  const circuit = new Circuit()
  fail(circuit, ['a', 'b', 'c', 'a', 'b'])
  circuit.heard('d', dead, 100)
  expect(circuit.wait(100)).toBeUndefined()
  fail(circuit, ['a', 'b', 'c', 'a'], 200)
  expect(circuit.wait(200)).toBeUndefined()
})
