/// <reference types="vitest/config" />
import { readFileSync } from 'node:fs';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/* CMake says where the core lies and where the page goes. */
const core = process.env.HUFU_CORE_WASM ?? '';
const page = process.env.HUFU_PAGE ?? 'dist';

function coreFile(): Plugin {
  return {
    name: 'core-file',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'core.wasm', source: readFileSync(core) });
    },
  };
}

/* Vant's icons stand in its style sheet, with a foreign host to fall back to. */
function noForeignFonts(): Plugin {
  return {
    name: 'no-foreign-fonts',
    enforce: 'pre',
    transform(code, id) {
      return id.includes('/vant/') && id.endsWith('.css') ? code.replace(/,url\((?:https?:)?\/\/[^)]*\) format\("woff"\)/g, '') : null;
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [
    vue(),
    coreFile(),
    noForeignFonts(),
    VitePWA({
      registerType: 'autoUpdate',
      injectRegister: 'script-defer',
      includeAssets: ['icon.svg', 'icon-192.png', 'icon-512.png'],
      manifest: {
        name: '虎符 · 优待证查验',
        short_name: '优待证查验',
        description: '离线查验优待证真伪与状态 Verifies 优待证 cards offline',
        lang: 'zh-CN',
        display: 'standalone',
        orientation: 'portrait',
        background_color: '#f7f8fa',
        theme_color: '#163a6b',
        icons: [
          { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{html,js,css,wasm,svg,png}'],
        maximumFileSizeToCacheInBytes: 2_000_000,
        navigateFallbackDenylist: [/^\/lists\//],
        inlineWorkboxRuntime: true,
      },
    }),
  ],
  build: { outDir: page, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
});
