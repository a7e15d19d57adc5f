import { chmodSync, lstatSync, mkdtempSync, renameSync, rmSync, unlinkSync } from 'node:fs'
import type { Server } from 'node:net'
import { connect } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { SimulatorError } from '../errors.ts'

/** The file of a Unix socket that a server listens on. */
export interface SocketFile {
  /** From the root of the file system. */
  readonly path: string
  /** Removes the file, unless something else has taken its place. */
  remove(): void
}

/** The longest path of a Unix socket, in bytes (`sockaddr_un`; macOS has the shorter one). */
const PATH_LIMIT = process.platform === 'darwin' ? 103 : 107

/**
 * Has a server listen on a Unix socket that only its owner may use, from the moment it can be seen. A socket that a
 * process left behind is replaced. Rejects with `SimulatorError`: `SIMULATOR_SOCKET_PATH_INVALID` for a path that is too
 * long, `SIMULATOR_SOCKET_FOREIGN` where a file lies there that is no socket, `SIMULATOR_SOCKET_IN_USE` where somebody
 * answers, `SIMULATOR_SOCKET_UNAVAILABLE` where no socket can be made.
 */
export async function listenOnSocketFile(server: Server, givenPath: string): Promise<SocketFile> {
  const path = resolve(givenPath)
  const folder = await prepare(path)
  const draft = join(folder, 's')
  try {
    // In a folder of mode 0700, and moved into place with its own mode set.
    await startListening(server, draft)
    chmodSync(draft, 0o600)
    const { dev, ino } = lstatSync(draft)
    renameSync(draft, path)
    return {
      path,
      remove() {
        const present = lstatSync(path, { throwIfNoEntry: false })
        if (present?.isSocket() && present.dev === dev && present.ino === ino) unlinkSync(path)
      },
    }
  } catch (cause) {
    server.close()
    throw unavailable(path, cause)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Makes sure that a socket can lie at a path, and makes a folder beside it to make the socket in. */
async function prepare(path: string): Promise<string> {
  const draftFolder = join(dirname(path), '.n')
  // Six random characters and the name inside come on top.
  if (Buffer.byteLength(path) > PATH_LIMIT || Buffer.byteLength(draftFolder) + 8 > PATH_LIMIT) {
    throw new SimulatorError(
      'SIMULATOR_SOCKET_PATH_INVALID',
      `${path}: too long for the path of a Unix socket`,
    )
  }
  try {
    await refuseTaken(path)
    return mkdtempSync(draftFolder)
  } catch (cause) {
    throw cause instanceof SimulatorError ? cause : unavailable(path, cause)
  }
}

async function refuseTaken(path: string): Promise<void> {
  const present = lstatSync(path, { throwIfNoEntry: false })
  if (!present) return
  if (!present.isSocket()) {
    throw new SimulatorError('SIMULATOR_SOCKET_FOREIGN', `${path}: there is a file that is no socket`)
  }
  if (!(await isAbandoned(path))) {
    throw new SimulatorError('SIMULATOR_SOCKET_IN_USE', `cannot listen on unix:${path}: it is in use`)
  }
}

/** Whether nobody listens on a socket any more. */
function isAbandoned(path: string): Promise<boolean> {
  return new Promise((fulfil) => {
    const probe = connect({ path })
    probe.once('connect', () => {
      probe.destroy()
      fulfil(false)
    })
    probe.once('error', (error) => fulfil('code' in error && error.code === 'ECONNREFUSED'))
  })
}

function startListening(server: Server, path: string): Promise<void> {
  return new Promise((fulfil, reject) => {
    server.once('error', reject)
    server.listen({ path }, () => {
      server.off('error', reject)
      fulfil()
    })
  })
}

function unavailable(path: string, cause: unknown): SimulatorError {
  const reason = cause instanceof Error ? cause.message : 'it cannot be made'
  return new SimulatorError('SIMULATOR_SOCKET_UNAVAILABLE', `cannot listen on unix:${path}: ${reason}`, {
    cause,
  })
}
