import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/config/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'enclave/**/*.ts'],
      // Run as processes of their own by the tests, where nothing is counted.
      exclude: ['src/main.ts', 'enclave/demo/**'],
      thresholds: {
        lines: 95,
        'src/attestation/**': { branches: 95 },
        'src/policy/**': { branches: 100 },
        'src/recipient/**': { branches: 100 },
        'src/operations/release.ts': { branches: 100 },
        'src/operations/authorize.ts': { branches: 100 },
      },
      reporter: ['text-summary', 'json-summary'],
      reportsDirectory: 'coverage',
    },
  },
})
