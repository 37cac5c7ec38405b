import { writeFileSync } from 'node:fs'
import { faultsPage } from '../src/core/faults-page.ts'

writeFileSync(new URL('faults.md', import.meta.url), faultsPage())
