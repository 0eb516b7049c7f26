import base from '../playwright.config';

/** Pictures for the README, of the demo's data. */
export default {
  ...base,
  testDir: '.',
  outputDir: '../test-results',
  testMatch: 'screenshots.ts',
  workers: 1,
  timeout: 180_000,
  reporter: 'line',
};
