#!/usr/bin/env node
import { runNitroTpmAttest } from './cli/nitro-tpm-attest.ts'
import { systemClock } from './core/clock.ts'

process.exitCode = await runNitroTpmAttest(process.argv.slice(2), {
  write: (output) =>
    new Promise((resolve, reject) => {
      // A reader that is gone is told of here as well as by an event, which would end the process.
      process.stdout.on('error', reject)
      process.stdout.write(output, (error) => (error ? reject(error) : resolve()))
    }),
  warn: (line) => void process.stderr.write(`${line}\n`),
  env: process.env,
  clock: systemClock,
})
