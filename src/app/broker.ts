import { readPem } from '../config/authority.ts'
import type { Whole } from '../config/whole.ts'
import { given } from '../core/given.ts'
import type { openBroker } from '../io/mqtt/client.ts'

/** How the MQTT broker is reached. */
export function brokerOptions({ config }: Whole): Parameters<typeof openBroker>[0] {
  const { url = '', user, password, ca } = config.mqtt ?? {}
  return {
    url,
    origin: { site: config.site.id, node: config.node },
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ...given({ ca: readPem(config.folder, ca) }),
  }
}
