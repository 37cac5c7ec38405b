import type { TestModule } from 'vitest/node'
import { DefaultReporter } from 'vitest/node'

/**
 * The usual report, then one line that scripts read: `N passed, N failed, N skipped`, alone and last.
 * A file that cannot even be loaded counts as one failure: it must never look like a pass.
 */
export default class CountingReporter extends DefaultReporter {
  override onTestRunEnd(
    modules: readonly TestModule[],
    errors: Parameters<DefaultReporter['onTestRunEnd']>[1],
    reason: Parameters<DefaultReporter['onTestRunEnd']>[2],
  ): void {
    super.onTestRunEnd(modules, errors, reason)
    const count = { passed: 0, failed: 0, skipped: 0 }
    const skipped: string[] = []
    for (const module of modules) {
      if (
        module.state() === 'failed' &&
        [...module.children.allTests()].every((t) => t.result().state !== 'failed')
      )
        count.failed += 1
      for (const test of module.children.allTests()) {
        const state = test.result().state
        if (state === 'passed') count.passed += 1
        else if (state === 'failed') count.failed += 1
        else {
          count.skipped += 1
          const note =
            test.result().state === 'skipped' ? (test.result() as { note?: string }).note : undefined
          skipped.push(`  ${test.fullName}${note ? ` (${note})` : ''}`)
        }
      }
    }
    count.failed += errors.length
    if (skipped.length > 0) process.stdout.write(`\nSkipped, and why:\n${skipped.join('\n')}\n`)
    process.stdout.write(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`)
  }
}
