export default {
  build: {
    target: 'es2022',
    outDir: 'out/vite',
    rollupOptions: { input: 'app.mjs', output: { entryFileNames: 'app.mjs', format: 'es' } },
  },
};
