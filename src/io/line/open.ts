import type { SerialSettings } from '../../core/line/kit/settings.ts'
import type { Clock } from '../../ports/clock.ts'
import type { LinePort } from '../../ports/line.ts'
import { pipePort } from './pipe.ts'
import { replayPort } from './replay.ts'
import { tcpPort } from './tcp.ts'
import { tcpListenPort } from './tcp-listen.ts'

/** Where a feed's bytes come from, as the configuration says it. */
export type PortSpec =
  | { readonly kind: 'serial'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'tcp-listen'
      readonly host: string
      readonly port: number
      readonly allow?: readonly string[]
    }
  | { readonly kind: 'pipe'; readonly path: string }
  | { readonly kind: 'replay'; readonly file: string }

/** The adapter for each kind of port; line settings matter to serial ports only. Nothing is opened yet. */
export async function linePort(
  spec: PortSpec,
  line: { readonly settings: SerialSettings; readonly listenOnly: boolean },
  clock: Clock,
): Promise<LinePort> {
  const { settings, listenOnly } = line
  switch (spec.kind) {
    case 'serial':
      // Native code, which no other line waits for.
      return (await import('./serial.ts')).serialPort({ path: spec.path, settings, listenOnly }, clock)
    case 'tcp':
      return tcpPort({ ...spec, listenOnly }, clock)
    case 'tcp-listen':
      return tcpListenPort({ ...spec, listenOnly }, clock)
    case 'pipe':
      return pipePort(spec.path, clock)
    case 'replay':
      return replayPort({ file: spec.file, pace: 'original' }, clock)
  }
}
