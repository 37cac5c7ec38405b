import { Worker } from 'node:worker_threads'
import type { Report } from '../../core/measure/report/report.ts'
import { reportCsv } from '../../core/measure/report/report-csv.ts'

export const REPORT_FORMATS = ['json', 'csv', 'html'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

/** A report as bytes for a file or an answer, with its media type. */
export async function renderReport(
  report: Report,
  format: ReportFormat,
): Promise<{ type: string; body: string }> {
  switch (format) {
    case 'json':
      return { type: 'application/json; charset=utf-8', body: `${JSON.stringify(report, null, 2)}\n` }
    case 'csv':
      return { type: 'text/csv; charset=utf-8; header=present', body: reportCsv(report) }
    case 'html':
      return { type: 'text/html; charset=utf-8', body: await drawn(report) }
  }
}

/** Plots take about 100 MB of code, so they are drawn in a thread that ends and gives it back: the daemon stays small. */
function drawn(report: Report): Promise<string> {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL('./html-worker.ts', import.meta.url), { workerData: report })
    worker.once('message', done)
    worker.once('error', failed)
  })
}
