import { inject, vi } from 'vitest'

/**
 * The first run, with nothing changed, has all the time it needs on a busy machine. With a change in place a test that
 * still waits after eight seconds (most take a tenth of one) waits for what will not come: that is noticing it.
 */
const patience = inject('mode' as never) === 'mutant' ? 8_000 : 120_000
vi.setConfig({ testTimeout: patience, hookTimeout: patience })
