import { makePython } from '../support/python.ts'

/** Runs once, before any test file. */
export function setup(): void {
  makePython()
}
