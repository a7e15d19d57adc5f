import { LineCounter, parseDocument } from 'yaml'
import { IdentityError } from './errors.ts'

// What is relied on of yaml: errors and warnings are listed and not printed, their positions are offsets into the text,
// a member given twice and a second document are errors, `mapAsMap` leaves the type of member names as written (a number is a number), and
// `maxAliasCount` bounds what aliases can blow up. Messages are not passed on, for they may quote the text.

/** How much aliases may multiply. */
const ALIAS_LIMIT = 100

/**
 * Reads one YAML 1.2 document in the core schema, of which JSON is a part. Objects come out as `Map`s.
 * Throws `SEED_NOT_YAML`, naming the line where there is one.
 */
export function parseYaml(text: string): unknown {
  const lines = new LineCounter()
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      resolveKnownTags: false,
      prettyErrors: false,
      logLevel: 'error',
      lineCounter: lines,
    })
    const fault = document.errors[0] ?? document.warnings[0]
    if (!fault) return document.toJS({ mapAsMap: true, maxAliasCount: ALIAS_LIMIT })
    throw new Fault(`line ${lines.linePos(fault.pos[0]).line}, ${fault.code}`)
  } catch (error) {
    const what =
      error instanceof Fault ? error.message : 'aliases multiply too much, or it is nested too deeply'
    throw new IdentityError('SEED_NOT_YAML', `the seed file is neither YAML nor JSON: ${what}`)
  }
}

/** Something that the parser told, in words that hold nothing of the text. */
class Fault extends Error {}
