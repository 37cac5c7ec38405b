import { createHash } from 'node:crypto'
import { cpSync, globSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from '../../hardware/packaging/bundle.ts'
import { removeFolder } from '../support/folders.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The program as the package ships it: it starts in half the time, and stays as it was while its source is worked on. */
export interface Program {
  readonly bleepd: string
  /** Which code it is: alike for the same source. */
  readonly code: string
  remove(): void
}

export async function bundledProgram(): Promise<Program> {
  const library = mkdtempSync(join(tmpdir(), 'chaos-program-'))
  const remove = () => removeFolder(library)
  process.once('exit', remove)
  for (const path of ['src', 'config', 'hardware/profiles', 'package.json'])
    cpSync(join(ROOT, path), join(library, path), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(library, 'node_modules'))
  await bundle(library)
  const hash = createHash('sha256')
  for (const path of globSync('src/**/*.js', { cwd: library }).sort())
    hash.update(path).update(readFileSync(join(library, path)))
  return {
    bleepd: join(library, 'src/bleepd.js'),
    code: hash.digest('hex').slice(0, 12),
    remove() {
      process.off('exit', remove)
      remove()
    },
  }
}
