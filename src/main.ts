#!/usr/bin/env node
import { loadCommands } from './cli/commands.ts'
import { createProcessIo } from './cli/process-io.ts'
import { runProgram } from './cli/program.ts'

const args = process.argv.slice(2)
process.exitCode = await runProgram(args, await loadCommands(args), createProcessIo())
// A key generation in the thread pool cannot be called off, and would keep a stopped service alive for seconds.
setTimeout(() => process.stdout.writableLength === 0 && process.exit(), 300).unref()
