import { expect, test } from 'vitest'
import { readinessViewOf } from '../../../src/core/desk/readiness-view.ts'
import { healthView } from '../../../src/core/desk/views.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import type { StandingCode } from '../../../src/core/faults.ts'
import type { HealthState } from '../../../src/core/measure/telemetry.ts'
import { watched } from '../../../src/core/measure/watch/availability.ts'
import { reasonOf } from '../../../src/core/measure/watch/standing.ts'
import { smallSite } from '../../support/small-site.ts'

const CALM = smallSite({ roles: smallSite().roles.map((role) => ({ ...role, crash: false })) })
const view = (clock: HealthState, ...stands: readonly StandingCode[]) =>
  readinessViewOf(
    {
      ...{ directory: buildDirectory(CALM), devices: [], copies: false, now: 0 },
      ...{ neverProved: [], begin: { account: true, lines: 0, ports: [], phones: 0 } },
      found: {
        things: [{ ...watched('node', 'clock', 'Clock', 0, '1970-01', undefined), state: clock, node: 'n' }],
        ...{ air: [], feeds: [] },
      },
      health: healthView.parse({
        status: 'ready',
        reasons: stands.map((code) => reasonOf({ code, subject: 'clock', since: 0 })),
      }),
    },
    { access: 'switchboard' },
  )

test('the go-live list is not ready while something that it leans on ails, or is not shown to be well', () => {
  expect(view('good')).toMatchObject({ ready: true, clock: 'well', broker: 'absent', backup: 'absent' })
  expect(view('failed')).toMatchObject({ ready: false, clock: 'ill' })
  // A clock that agrees with its own past may be kept by nobody.
  expect(view('good', 'clock-unkept')).toMatchObject({ ready: false, clock: 'ill' })
  expect(view('good', 'clock-unproved')).toMatchObject({ ready: false, clock: 'unproved' })
  expect(view('failed', 'clock-unproved')).toMatchObject({ ready: false, clock: 'ill' })
  expect(view('unknown')).toMatchObject({ ready: false, clock: 'unproved' })
})
