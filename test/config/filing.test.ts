import { expect, test } from 'vitest'
import { filing, filingFaults } from '../../src/config/filing.ts'

const settings = filing.parse({
  system: 'https://bleeps.example.nhs.uk/Id/bleep',
  hospitalNumber: { system: 'https://example.nhs.uk/Id/mrn', authority: 'RXX' },
  hl7: { host: '127.0.0.1', port: 2575 },
})
const paths = (site: { hospitalNumber?: string } | undefined) =>
  filingFaults({ filing: settings as never, folder: '/' }, site).map(({ path, code }) => `${path} ${code}`)

test('numbers of the hospital’s own are filed by the one shape that the site gives, and not without it', () => {
  expect(paths({})).toContain('filing.hospitalNumber config-value')
  expect(paths({ hospitalNumber: 'RXK\\d{6}' })).not.toContain('filing.hospitalNumber config-value')
  // A site that cannot be read has faults of its own.
  expect(paths(undefined)).not.toContain('filing.hospitalNumber config-value')
})
