import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The screens: one build for the window (app://falaj) and for the browser (http://127.0.0.1). */
export default defineConfig({
  root: 'src/renderer',
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: { '/rpc': { target: process.env['FALAJ_ENGINE'] ?? 'http://127.0.0.1:7410', changeOrigin: true } },
  },
});
