// A port for what a script opens itself, such as another library's group of processes: dtrain listens on none.
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** The host of MASTER_PORT: the ranks are on one machine. */
export const masterAddress = '127.0.0.1'

/** A port that is free now, or undefined without a loopback interface. */
export async function freePort(): Promise<number | undefined> {
  const server = createServer()
  try {
    await once(server.listen(0, masterAddress), 'listening')
    return (server.address() as AddressInfo).port
  } catch {
    return undefined
  } finally {
    server.close()
  }
}
