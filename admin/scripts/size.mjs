// Says how much a browser loads before the first screen can be used, and fails over the limit.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 300;
/** Where a person arrives: the list of integrations, or by a mail's link the settings. */
const SCREENS = ['src/integrations/Integrations.tsx', 'src/settings/SettingsPage.tsx'];
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'));

/** Files that a chunk needs before it runs; what it imports later is left out. */
function filesOf(name, found = new Set()) {
  const { file, css = [], imports = [] } = manifest[name];
  for (const one of [file, ...css]) found.add(one);
  for (const one of imports) filesOf(one, found);
  return found;
}

let isTooLarge = false;
for (const screen of SCREENS) {
  const files = new Set(['index.html', ...filesOf('index.html'), ...filesOf(screen)]);
  const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(dist + file)).length, 0);
  const sizeKb = bytes / 1024;
  isTooLarge ||= sizeKb > LIMIT_KB;
  process.stdout.write(
    `${screen}: ${sizeKb.toFixed(1)} KB gzip in ${files.size} files (at most ${LIMIT_KB})\n`,
  );
}
process.exitCode = isTooLarge ? 1 : 0;
