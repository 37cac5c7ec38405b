import { readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'
import { hazardLog, hazardPage } from './hazards.ts'

const folder = new URL('../../config/safety/', import.meta.url)
const log = hazardLog.parse(parse(readFileSync(new URL('hazards.yaml', folder), 'utf8')))
writeFileSync(new URL('hazard-log.md', folder), hazardPage(log))
