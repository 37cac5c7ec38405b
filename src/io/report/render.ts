import type { Report } from '../../core/measure/report.ts'
import { reportCsv } from '../../core/measure/report-csv.ts'
import { reportHtml } from './html.ts'

export const REPORT_FORMATS = ['json', 'csv', 'html'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

/** A report as bytes for a file or an answer, with its media type. */
export function renderReport(report: Report, format: ReportFormat): { type: string; body: string } {
  switch (format) {
    case 'json':
      return { type: 'application/json; charset=utf-8', body: `${JSON.stringify(report, null, 2)}\n` }
    case 'csv':
      return { type: 'text/csv; charset=utf-8; header=present', body: reportCsv(report) }
    case 'html':
      return { type: 'text/html; charset=utf-8', body: reportHtml(report) }
  }
}
