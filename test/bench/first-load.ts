import { writeFileSync } from 'node:fs'
import { hasChromium, openChromium } from '../support/browsers.ts'
import { openBed } from '../support/desk-bed.ts'

/**
 * How long the phone app takes to show itself for the first time, over the network that browsers' tools call slow 3G:
 * 400 kbit/s each way and 2 s for each round. `npm run bench:first-load`; exits 1 when the bound is missed.
 */
const BOUND = { seconds: 5, kilobytes: 120 }
const SLOW_3G = { offline: false, latency: 2000, downloadThroughput: 50_000, uploadThroughput: 50_000 }

if (!hasChromium()) throw new Error('needs Chromium')
const bed = await openBed()
const listening = await bed.http.listen()
if (!listening.ok) throw new Error(listening.fault.code)
const browser = await openChromium()
try {
  const context = await browser.newContext({ viewport: { width: 360, height: 640 } })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', SLOW_3G)
  let bytes = 0
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  const began = performance.now()
  await page.goto(`${listening.value.url}/app/`, { waitUntil: 'commit', timeout: 60_000 })
  await page.getByRole('button', { name: 'Set up this phone' }).waitFor({ timeout: 60_000 })
  const seconds = (performance.now() - began) / 1000
  await page.evaluate('navigator.serviceWorker.ready')
  const kilobytes = bytes / 1000
  console.log(`first page of the app over slow 3G: ${seconds.toFixed(1)} s   bound ${BOUND.seconds} s`)
  console.log(`fetched by the page: ${kilobytes.toFixed(1)} kB   bound ${BOUND.kilobytes} kB`)
  if (process.env.PHONE_PICTURES !== undefined)
    writeFileSync(`${process.env.PHONE_PICTURES}/first-load.png`, await page.screenshot())
  process.exitCode = seconds <= BOUND.seconds && kilobytes <= BOUND.kilobytes ? 0 : 1
} finally {
  await browser.close()
  await bed.close()
}
