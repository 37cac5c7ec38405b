import { writeFileSync } from 'node:fs'
import { faultRules, nightPage } from '../core/measure/fault-rules.ts'

const folder = new URL('../../config/prometheus/', import.meta.url)
writeFileSync(new URL('faults.yaml', folder), faultRules())
writeFileSync(new URL('night.md', folder), nightPage())
