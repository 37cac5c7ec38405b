import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { removeFolder } from '../support/folders.ts'
import { installed } from '../support/installed.ts'
import { runProgram } from '../support/program.ts'

/** Where Debian's libstdc++6-arm64-cross and what it needs lay an arm64 system's libraries. */
const LIBRARIES = '/usr/aarch64-linux-gnu'
/** Each instruction is translated: minutes, where a board takes seconds. */
const LIMIT = 600_000

test(
  'the package for arm64 is set up, stores a page of its line and ends by itself, under qemu-user',
  async (ctx) => {
    if (!installed('dpkg-deb') || !installed('qemu-aarch64-static') || !existsSync(`${LIBRARIES}/lib`))
      ctx.skip('qemu-user-static and libstdc++6-arm64-cross are not installed')
    const folder = mkdtempSync(join(tmpdir(), 'bleepd-arm-'))
    onTestFinished(() => removeFolder(folder))
    const step = async (...args: readonly string[]) => {
      const { code, output } = await runProgram(process.execPath, args, { limit: LIMIT })
      expect(code, output).toBe(0)
      return output
    }
    const build = ['hardware/packaging/build.ts', '--arch', 'arm64', '--to', folder, '--quick']
    const deb = (await step(...build)).trim().split('\n').at(-1) ?? ''
    await step('hardware/packaging/prove-arm.ts', deb, LIBRARIES)
  },
  2 * LIMIT,
)
