const cleanups = new Set<() => Promise<void>>();
const INTERRUPTED = 130;

/** Has `cleanup` run when the process is interrupted. The function returned takes it back: the work has ended by itself. */
export function onInterrupt(cleanup: () => Promise<void>): () => void {
  cleanups.add(cleanup);
  return () => void cleanups.delete(cleanup);
}

/** Ctrl-C and a vanished parent stop what runs, last started first, and then the process. A second Ctrl-C does not wait. */
export function installInterrupts(complain: (text: string) => void): void {
  let interrupted = false;
  const interrupt = () => {
    if (interrupted) process.exit(INTERRUPTED);
    interrupted = true;
    void stopAll(complain).then(() => process.exit(INTERRUPTED));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  // The launcher holds the other end of this channel.
  if (process.channel) process.on("disconnect", interrupt);
}

async function stopAll(complain: (text: string) => void): Promise<void> {
  for (const cleanup of [...cleanups].toReversed())
    await cleanup().catch((error: unknown) => complain(`while stopping: ${String(error)}`));
}
