import { writeFileSync } from 'node:fs'
import { faultRules } from '../core/measure/fault-rules.ts'

writeFileSync(new URL('../../config/prometheus/faults.yaml', import.meta.url), faultRules())
