/// <reference types="vitest/config" />
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/* CMake says where the pages go. */
const page = process.env.HUFU_PAGE ?? 'dist';

export default defineConfig({
  base: '/',
  plugins: [vue()],
  build: { outDir: page, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 1200 },
  test: { include: ['tests/**/*.test.ts', 'src/**/*.test.ts'], environment: 'happy-dom' },
});
