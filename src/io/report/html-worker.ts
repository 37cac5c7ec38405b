import { parentPort, workerData } from 'node:worker_threads'
import type { Report } from '../../core/measure/report/report.ts'
import { reportHtml } from './html.ts'

const report: Report = workerData
parentPort?.postMessage(reportHtml(report))
