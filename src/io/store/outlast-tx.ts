import { StoreFault, type Tx } from '../../ports/store.ts'

/**
 * Our file knows only a part. An alert or a device that it does not know may well be in the database that is away: whoever
 * asks for one is told to come again, never that there is no such thing.
 */
export function orElsewhere(tx: Tx): Tx {
  const known = <T>(found: T | undefined): T => {
    if (found === undefined) throw new StoreFault('store-lost')
    return found
  }
  const { alerts, devices } = tx
  const own: Tx = Object.create(tx, {
    isPart: { value: true },
    alerts: { value: { ...alerts, get: async (id) => known(await alerts.get(id)) } satisfies Tx['alerts'] },
    devices: {
      value: {
        ...devices,
        byToken: async (token) => known(await devices.byToken(token)),
      } satisfies Tx['devices'],
    },
  })
  return own
}

/** Tells when a phone has come, or its key has changed. */
export function tellingOf(tx: Tx, enrolled: () => void): Tx {
  const own: Tx = Object.create(tx, {
    devices: {
      get(): Tx['devices'] {
        const { devices } = tx
        return {
          ...devices,
          add(device, token) {
            enrolled()
            return devices.add(device, token)
          },
          rotate(id, token) {
            enrolled()
            return devices.rotate(id, token)
          },
        }
      },
    },
  })
  return own
}
