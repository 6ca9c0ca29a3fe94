import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vitest/config'
import { standIn } from './dev/plugin.ts'
import { shellList } from './dev/shell.ts'

// The desk to develop against; without it a small stand-in answers from memory.
const desk = process.env.WXDESK_DESK

export default defineConfig({
  plugins: [
    vue(),
    components({
      dirs: [],
      dts: 'src/components.d.ts',
      resolvers: [ElementPlusResolver({ importStyle: 'css' })],
    }),
    shellList(),
    ...(desk ? [] : [standIn()]),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  define: { __VUE_OPTIONS_API__: false },
  server: { port: 9300, strictPort: true, proxy: desk ? { '/api': desk } : {} },
  preview: { port: 9301, strictPort: true },
  build: {
    outDir: '../src/wxdesk/web/static',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1600, // the page of the API's description
    rolldownOptions: { input: ['index.html', 'api-docs.html'] },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts', 'dev/**/*.test.ts'],
    setupFiles: ['./dev/test-setup.ts'],
    server: { deps: { inline: ['element-plus'] } },
    restoreMocks: true,
    testTimeout: 20_000, // no machine is too slow
  },
})
