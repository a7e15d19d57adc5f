import { once } from 'node:events'

/** Fulfils when this process is told to stop, by SIGTERM or SIGINT. Until then, neither ends it. */
export async function stopSignal(): Promise<void> {
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
}
