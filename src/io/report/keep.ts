import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { printInstant } from '../../core/instant.ts'
import type { Report } from '../../core/measure/report/report.ts'
import type { ShiftSpan } from '../../core/measure/report/shifts.ts'
import { REPORT_FORMATS, renderReport } from './render.ts'

/** Writes a finished shift's report into a folder in every format; a reader never sees half a file. */
export function reportKeeper(folder: string): (report: Report, span: ShiftSpan) => Promise<void> {
  return async (report, span) => {
    await mkdir(folder, { recursive: true, mode: 0o750 })
    const name = `${printInstant(span.from).slice(0, 16).replace(':', '')}-${span.name}`
    for (const format of REPORT_FORMATS) {
      const path = join(folder, `${name}.${format}`)
      await writeFile(`${path}.part`, (await renderReport(report, format)).body, { mode: 0o640 })
      await rename(`${path}.part`, path)
    }
  }
}
