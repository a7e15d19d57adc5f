import type { RunningService } from '../compose/service.ts'

/** What SIGHUP does, from the moment that this was made. */
export interface ReloadSignal {
  /** The service that reads its seed file again at each signal; at once, if one came while it was starting. */
  attach(service: Pick<RunningService, 'reloadSeed'>): void
  /** Leaves the signal to itself again. */
  end(): void
}

/** Listens for SIGHUP, which then no longer ends this process. */
export function listenForReload(): ReloadSignal {
  let attached: Pick<RunningService, 'reloadSeed'> | undefined
  let came = false
  const onSignal = (): void => {
    came = true
    void attached?.reloadSeed()
  }
  process.on('SIGHUP', onSignal)
  return {
    attach(service) {
      attached = service
      if (came) void service.reloadSeed()
    },
    end: () => void process.off('SIGHUP', onSignal),
  }
}
