/** Where a provider's stake came from, as far as the chain shows. `provider`: his number in the monitor. */
export type StakeOrigin = { provider: number; origin: string };

/**
 * Pairs whose stake came from one address. An origin that funds more than `most` providers is an exchange, a bridge or a
 * faucet: it says nothing about who they are, and is left out.
 */
export function fundedTogether(rows: readonly StakeOrigin[], most: number): [number, number][] {
  const byOrigin = new Map<string, Set<number>>();
  for (const { provider, origin } of rows) {
    const key = origin.toLowerCase();
    const funded = byOrigin.get(key) ?? new Set();
    byOrigin.set(key, funded.add(provider));
  }
  return [...byOrigin.values()]
    .filter((funded) => funded.size > 1 && funded.size <= most)
    .flatMap((funded) => {
      const sorted = [...funded].toSorted((a, b) => a - b);
      return sorted.flatMap((a, index) => sorted.slice(index + 1).map((b): [number, number] => [a, b]));
    });
}
