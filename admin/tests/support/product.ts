import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** The product's binary; `cargo xtask test` names the one that it has built. */
const LCI = process.env.LCI ?? 'target/debug/lci';
const READY_MS = 60_000;

/** `lci serve --demo` as a process of its own. */
export class Product {
  private constructor(
    private readonly child: ChildProcess,
    /** Where page, API and outbox are. */
    readonly url: string,
    private readonly simulator: string,
    readonly username: string,
    readonly password: string,
  ) {}

  static async start(size: 'small' | 'medium' | 'large' = 'small'): Promise<Product> {
    const child = spawn(LCI, ['serve', '--demo', '--size', size, '--memory', '--listen', '127.0.0.1:0'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said = await announcement(child);
    const find = (pattern: RegExp): string => {
      const found = pattern.exec(said)?.[1];
      if (!found) throw new Error(`lci serve announced itself by ${said}`);
      return found;
    };
    const product = new Product(
      child,
      find(/lci serves (\S+) /),
      find(/simulator at (\S+) /),
      find(/\(user (\S+),/),
      find(/password (\S+)\)/),
    );
    // Most tests are not about waiting for Autotask.
    await product.control('PATCH', 'config', { latency_ms: 0 });
    return product;
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }

  /** Steers the simulated Autotask. */
  async control<T = unknown>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<T> {
    const response = await fetch(`${this.simulator}/_control/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }
}

function announcement(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('lci serve did not announce itself')), READY_MS);
    let said = '';
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`lci serve ended with ${code}`)));
    if (!child.stdout) {
      reject(new Error('lci serve has no standard output'));
      return;
    }
    createInterface(child.stdout).on('line', (line) => {
      said += `${line}\n`;
      if (!/simulator at/.test(line)) return;
      clearTimeout(timer);
      resolve(said);
    });
  });
}
