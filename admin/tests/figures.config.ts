import base from '../playwright.config';

/** Times on a large demo, as a table. */
export default {
  ...base,
  testDir: '.',
  outputDir: '../test-results',
  testMatch: 'figures.ts',
  workers: 1,
  // The first load of everything is part of it.
  timeout: 900_000,
  reporter: 'line',
};
