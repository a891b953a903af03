/** Keeps the last `most` results of something dear by name. What `isWorth` refuses, or what threw, is forgotten. */
export function remember<T>(most: number, isWorth: (result: T) => boolean) {
  const held = new Map<string, Promise<T>>();
  return (name: string, make: () => Promise<T>): Promise<T> => {
    const before = held.get(name);
    if (before) return before;
    const making = make();
    held.set(name, making);
    const oldest = held.keys().next().value;
    if (held.size > most && oldest !== undefined) held.delete(oldest);
    const forget = () => {
      if (held.get(name) === making) held.delete(name);
    };
    making.then((result) => (isWorth(result) ? undefined : forget()), forget);
    return making;
  };
}
