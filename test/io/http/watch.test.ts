import { expect, test } from 'vitest'
import { KEYS, openBed } from '../../support/desk-bed.ts'

test('requests are told by route template and status, streams by how many are open and never as a long answer', async () => {
  const answered: string[] = []
  const streams: number[] = []
  let routes: readonly string[] = []
  const bed = await openBed({
    parts: {
      watch: {
        routes: (all) => {
          routes = all
        },
        answered: (route, status) => void answered.push(`${route} ${status}`),
        stream: (by) => void streams.push(by),
      },
    },
  })
  const headers = { authorization: `Bearer ${KEYS.switchboard}` }
  await bed.http.app.inject({ url: '/healthz' })
  await bed.http.app.inject({ url: '/api/v1/alerts/0192-secret', headers })
  await bed.http.app.inject({ url: '/no/such/place' })
  expect(answered).toEqual(['/healthz 200', '/api/v1/alerts/:id 404', 'other 404'])
  expect(routes).toContain('/api/v1/alerts/:id')

  const listening = await bed.http.listen()
  if (!listening.ok) throw new Error(listening.fault.code)
  const leave = new AbortController()
  const opened = await fetch(`${listening.value.url}/api/v1/stream`, { headers, signal: leave.signal })
  expect(opened.status).toBe(200)
  expect(streams).toEqual([1])
  leave.abort()
  await expect.poll(() => streams).toEqual([1, -1])
  expect(answered.some((line) => line.includes('stream'))).toBe(false)
  await bed.close()
})
