/** As many things as happen in some minutes. */
const MOST = 500;

const told = new Set<string>();
const listeners = new Set<() => void>();

/** Notes that the server's stream spoke of `id`: whoever waits for it may ask now. */
export function noteTold(id: string): void {
  told.delete(id.toLowerCase());
  told.add(id.toLowerCase());
  const [oldest] = told;
  if (told.size > MOST && oldest !== undefined) told.delete(oldest);
  for (const listener of listeners) listener();
}

/** Until the stream has spoken of `id`, lately or from now on, but no longer than `withinMs`: a stream may be lost. */
export async function untilTold(id: string, withinMs: number): Promise<void> {
  if (told.has(id.toLowerCase())) return;
  const heard = Promise.withResolvers<void>();
  const listener = () => {
    if (told.has(id.toLowerCase())) heard.resolve();
  };
  listeners.add(listener);
  const timer = setTimeout(heard.resolve, withinMs);
  await heard.promise;
  clearTimeout(timer);
  listeners.delete(listener);
}
