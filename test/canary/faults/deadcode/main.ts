import { used } from './used.ts'

process.stdout.write(used)
