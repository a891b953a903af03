/** Connected components of more than one member, each sorted, in the order of their first member. */
export function connected(links: readonly (readonly [number, number])[]): number[][] {
  const parent = new Map<number, number>();
  const rootOf = (node: number): number => {
    let root = node;
    for (let next = parent.get(root); next !== undefined && next !== root; next = parent.get(root))
      root = next;
    parent.set(node, root);
    return root;
  };
  for (const [a, b] of links) parent.set(rootOf(a), rootOf(b));
  const groups = new Map<number, number[]>();
  for (const node of new Set(links.flat())) {
    const root = rootOf(node);
    groups.set(root, [...(groups.get(root) ?? []), node]);
  }
  return [...groups.values()]
    .filter((members) => members.length > 1)
    .map((members) => members.toSorted((a, b) => a - b))
    .toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}
