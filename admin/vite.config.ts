import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `lci serve` listens while the page is worked on. */
const api = process.env.LCI_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  // The page may lie in a folder of a host; all its views are behind the hash.
  base: './',
  plugins: [react()],
  build: {
    target: 'es2022',
    manifest: true,
    // An inlined asset would be a data: URL, which the content security policy takes for images only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      ['/v1', '/oauth2', '/.well-known', '/config.json', '/outbox'].map((path) => [path, api]),
    ),
  },
});
