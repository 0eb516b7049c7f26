import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Ends with the lines that `cargo xtask test` reads: what failed, and how many there were. */
export default class Tally implements Reporter {
  private readonly ended = new Map<string, 'passed' | 'failed' | 'skipped'>();
  private readonly failures = new Map<string, string>();

  onTestEnd(test: TestCase, result: TestResult): void {
    const isSkipped = result.status === 'skipped';
    this.ended.set(test.id, isSkipped ? 'skipped' : test.outcome() === 'unexpected' ? 'failed' : 'passed');
    if (test.outcome() === 'unexpected') this.failures.set(test.id, this.told(test, result));
  }

  onEnd(): void {
    for (const failure of this.failures.values()) process.stdout.write(`failed: ${failure}\n`);
    const count = (how: string) => [...this.ended.values()].filter((end) => end === how).length;
    process.stdout.write(
      `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped\n`,
    );
  }

  private told(test: TestCase, result: TestResult): string {
    const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
    const message = (result.error?.message ?? result.status).replace(colours, '').split('\n');
    const words = message
      .filter((line) => line.trim() !== '')
      .slice(0, 4)
      .map((line) => line.trim());
    return `${test.location.file.split('/').pop()}:${test.location.line} ${test.title}: ${words.join(' ')}`;
  }

  printsToStdio(): boolean {
    return false;
  }
}
