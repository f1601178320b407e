// A market as `npm start` opens it, whose database thread ends when the market is sent SIGUSR2.
process.once('worker', (worker) => {
  process.on('SIGUSR2', () => void worker.terminate());
});
await import('../../src/main.ts');
