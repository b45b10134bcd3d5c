/** Calls `stopping` at the first signal to end, and only once. */
export function onSignal(stopping: (signal: string) => Promise<void>): void {
  let begun = false;
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      if (begun) return;
      begun = true;
      void stopping(signal);
    });
  }
}
