import { fstatSync, ftruncateSync, openSync, readdirSync, renameSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import { LIVE_NAME, nextName } from './file-names.ts'
import type { SyncQueue } from './sync-queue.ts'
import { setTornLineAside } from './torn-line.ts'

/** Where the file lies, the clock of the names of full ones, and the size in bytes over which it is put aside. */
export interface LiveFileOptions {
  readonly directory: string
  readonly clock: Clock
  readonly rotateBytes: number
}

/** The file as it was opened. */
interface OpenFile {
  readonly descriptor: number
  readonly device: number
  readonly inode: number
}

/** An open file and its length in bytes, which is that of whole lines. */
interface Ready {
  readonly file: OpenFile
  readonly size: number
}

/** The file that lines are appended to. All methods throw what the file system throws. */
export class LiveFile {
  readonly #options: LiveFileOptions
  readonly #path: string
  readonly #queue: SyncQueue
  #open: OpenFile | undefined

  constructor(options: LiveFileOptions, queue: SyncQueue) {
    this.#options = options
    this.#path = join(options.directory, LIVE_NAME)
    this.#queue = queue
  }

  /** Appends a whole line, which is then with the kernel; where that fails, no part of it stays. */
  write(line: Uint8Array): void {
    const { file, size } = this.#ready(line.length)
    try {
      for (let written = 0; written < line.length;) written += writeSync(file.descriptor, line, written)
    } catch (error) {
      this.#cutBack(file, size)
      throw error
    }
    this.#queue.written(file.descriptor)
  }

  /** Ends the use of the file. */
  leave(): void {
    if (this.#open) this.#queue.retire(this.#open.descriptor)
    this.#open = undefined
  }

  /**
   * The file, open, with room for that many bytes, and its length. It is asked for by its name each time: where somebody
   * moved, removed or exchanged it, or made it shorter, the line goes to the file that has the name now.
   */
  #ready(incoming: number): Ready {
    const there = statSync(this.#path, { throwIfNoEntry: false })
    if (this.#open && (there?.ino !== this.#open.inode || there.dev !== this.#open.device)) this.leave()
    const ready = this.#open && there ? { file: this.#open, size: there.size } : this.open()
    if (ready.size === 0 || ready.size + incoming <= this.#options.rotateBytes) return ready
    renameSync(this.#path, this.#pathAside('jsonl'))
    this.leave()
    return this.open()
  }

  /** Opens the file, made with mode 0600 if there is none, and sets a torn last line aside. */
  open(): Ready {
    const descriptor = openSync(this.#path, 'a+', 0o600)
    this.#queue.renamed()
    try {
      const { dev: device, ino: inode, size } = fstatSync(descriptor)
      const whole = setTornLineAside({ descriptor, size }, () => this.#pathAside('torn'))
      this.#open = { descriptor, device, inode }
      return { file: this.#open, size: whole }
    } catch (error) {
      this.#queue.retire(descriptor)
      throw error
    }
  }

  #pathAside(ending: 'jsonl' | 'torn'): string {
    const { directory, clock } = this.#options
    return join(directory, nextName(readdirSync(directory), clock.now(), ending))
  }

  /** Takes back what was written of a line before the disk was full. */
  #cutBack({ descriptor }: OpenFile, size: number): void {
    try {
      ftruncateSync(descriptor, size)
    } catch {
      // The next line opens the file anew, and sets the part aside or fails.
      this.leave()
    }
  }
}
