import type { EChartsOption } from 'echarts'
import { BarChart, CustomChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkLineComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { say } from '../../core/catalogue/say.ts'
import type { Report, SavedRow } from '../../core/measure/report/report.ts'
import { CLASSES } from '../../core/vocabulary.ts'

use([BarChart, CustomChart, GridComponent, LegendComponent, LineChart, MarkLineComponent, SVGRenderer])

/** Colours that differ in grey print too, and for the colour-blind (Okabe and Ito). */
const INK = '#1d2b36'
const FAINT = '#c9d1d6'
const BLUE = '#0072b2'
const ORANGE = '#d55e00'
const CLASS_COLOURS = {
  emergency: '#d55e00',
  urgent: '#e69f00',
  routine: '#0072b2',
  test: '#9aa5ab',
} as const
const FONT = 'system-ui, Segoe UI, Helvetica Neue, Arial, sans-serif'

/** `name` goes into the ids inside, which the library numbers by how many charts the process has drawn. */
function draw(name: string, option: EChartsOption, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 720, height })
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: FONT, color: INK },
    grid: { left: 60, right: 24, top: 36, bottom: 44 },
    ...option,
  })
  const svg = chart.renderToSVGString({ useViewBox: true })
  chart.dispose()
  const ids = new Map<string, string>()
  return svg.replace(/\bzr\d+-\w+(?:-\d+)?/g, (id) => {
    if (!ids.has(id)) ids.set(id, `${name}-${ids.size}`)
    return ids.get(id) ?? id
  })
}

/** The server cannot measure text; a little more room than it guesses keeps entries apart. */
const LEGEND = { color: INK, fontSize: 12, padding: [0, 30, 0, 0] }
const axisLabel = { color: INK, fontSize: 12 }
const splitLine = { lineStyle: { color: '#e6eaec' } }
const nameTextStyle = { color: INK, fontSize: 12 }

/** Share of callers still waiting, by seconds since the bleep: before and on phones. */
export function waitingChart(report: Report): string | undefined {
  const { before, after } = report.callBack.curves
  if (before.length === 0 && after.length === 0) return undefined
  const series = (
    name: string,
    points: Report['callBack']['curves']['before'],
    colour: string,
    dash: boolean,
  ) => ({
    name,
    type: 'line' as const,
    showSymbol: false,
    data: points.map(([seconds, share]) => [seconds / 60, Math.round(share * 1000) / 10]),
    lineStyle: { color: colour, width: 3, type: dash ? ('dashed' as const) : ('solid' as const) },
    itemStyle: { color: colour },
  })
  return draw(
    'waiting',
    {
      legend: {
        top: 0,
        left: 60,
        itemGap: 40,
        itemWidth: 34,
        icon: 'rect',
        itemHeight: 3,
        textStyle: LEGEND,
      },
      xAxis: {
        type: 'value',
        min: 0,
        max: 15,
        interval: 3,
        name: say('figures.minutesSinceTheBleep'),
        nameLocation: 'middle',
        nameGap: 28,
        nameTextStyle,
        axisLabel,
        splitLine,
      },
      yAxis: {
        type: 'value',
        min: 0,
        max: 100,
        interval: 25,
        axisLabel: { ...axisLabel, formatter: '{value} %' },
        splitLine,
      },
      series: [
        ...(before.length > 0 ? [series(say('figures.pagerNobodyHasCalledBack'), before, ORANGE, true)] : []),
        ...(after.length > 0 ? [series(say('figures.phoneNobodyHasAcceptedYet'), after, BLUE, false)] : []),
      ],
    },
    300,
  )
}

/** Minutes saved in a shift with their intervals, one line for each group that was measured. */
export function savedChart(rows: readonly SavedRow[]): string | undefined {
  const measured = rows.filter((r) => r.interval !== null && r.minutesPerShift !== null)
  if (measured.length === 0) return undefined
  const names = measured.map(
    (r) => `${r.roleName ?? say('figures.allS', { staffGroup: r.staffGroup })}, ${r.shift}`,
  )
  return draw(
    'saved',
    {
      grid: { left: 240, right: 30, top: 8, bottom: 44 },
      xAxis: {
        type: 'value',
        name: say('figures.minutesWaitingSavedOneShift'),
        nameLocation: 'middle',
        nameGap: 28,
        nameTextStyle,
        axisLabel,
        splitLine,
      },
      yAxis: {
        type: 'category',
        data: names,
        inverse: true,
        axisLabel: { ...axisLabel, width: 225, overflow: 'truncate' },
        axisTick: { show: false },
        axisLine: { lineStyle: { color: FAINT } },
      },
      series: [
        {
          type: 'custom',
          data: measured.map((r, i) => [i, r.minutesPerShift!, r.interval![0], r.interval![1]]),
          encode: { x: [1, 2, 3], y: 0 },
          renderItem: (_, api) => {
            const row = Number(api.value(0))
            const at = (value: number): number[] => api.coord([value, row])
            const [x = 0, y = 0] = at(Number(api.value(1)))
            const [low = 0] = at(Number(api.value(2)))
            const [high = 0] = at(Number(api.value(3)))
            const line = (x1: number, y1: number, x2: number, y2: number) => ({
              type: 'line' as const,
              shape: { x1, y1, x2, y2 },
              style: { stroke: BLUE, lineWidth: 2 },
            })
            return {
              type: 'group',
              children: [
                line(low, y, high, y),
                line(low, y - 5, low, y + 5),
                line(high, y - 5, high, y + 5),
                { type: 'circle', shape: { cx: x, cy: y, r: 5 }, style: { fill: BLUE } },
              ],
            }
          },
        },
      ],
    },
    60 + measured.length * 30,
  )
}

/** Bleeps by hour of the day, by class. */
export function hoursChart(report: Report): string | undefined {
  if (report.counts.bleeps === 0) return undefined
  const classes = CLASSES.filter((name) => report.counts.byClass[name] > 0)
  return draw(
    'hours',
    {
      legend: { top: 0, left: 60, itemGap: 24, textStyle: LEGEND },
      xAxis: {
        type: 'category',
        data: report.hours.map(({ hour }) => String(hour).padStart(2, '0')),
        name: say('figures.hourOfTheDay'),
        nameLocation: 'middle',
        nameGap: 28,
        nameTextStyle,
        axisLabel: { ...axisLabel, interval: 1 },
        axisTick: { show: false },
      },
      yAxis: { type: 'value', minInterval: 1, axisLabel, splitLine },
      series: classes.map((name) => ({
        name,
        type: 'bar' as const,
        stack: 'bleeps',
        barCategoryGap: '25%',
        itemStyle: { color: CLASS_COLOURS[name] },
        data: report.hours.map(({ byClass }) => byClass[name]),
      })),
    },
    260,
  )
}
