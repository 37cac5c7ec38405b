import { StoreFault } from '../../ports/store.ts'
import type { Telling } from '../../ports/tools.ts'
import { defect, defectOver } from '../defect.ts'

/**
 * Gives what to ring: whatever rings while a look is under way is one look more behind it, never two at once. A look that
 * the database refuses costs a screen its next beat, never what it was to show; a defect in it is told until a look goes well.
 * @param look resolves to whether there is more to look at already
 */
export function lookWhenRung(name: string, tools: Telling, look: () => Promise<boolean>): () => void {
  let busy = false
  let again = false
  let failing = false
  const looks = async (): Promise<void> => {
    again = true
    if (busy) return
    busy = true
    try {
      while (again) {
        again = false
        if (await look()) again = true
        if (failing) defectOver(tools, 'task-failed', name)
        failing = false
      }
    } finally {
      busy = false
    }
  }
  return () =>
    void looks().catch((error: unknown) => {
      if (error instanceof StoreFault) return
      failing = true
      defect(tools, 'task-failed', name, error)
    })
}
