import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Ends with the line that `cargo xtask test` reads. */
export default class Tally implements Reporter {
  private readonly ended = new Map<string, 'passed' | 'failed' | 'skipped'>();

  onTestEnd(test: TestCase, result: TestResult): void {
    const isSkipped = result.status === 'skipped';
    this.ended.set(test.id, isSkipped ? 'skipped' : test.outcome() === 'unexpected' ? 'failed' : 'passed');
  }

  onEnd(): void {
    const count = (how: string) => [...this.ended.values()].filter((end) => end === how).length;
    process.stdout.write(
      `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped\n`,
    );
  }

  printsToStdio(): boolean {
    return false;
  }
}
