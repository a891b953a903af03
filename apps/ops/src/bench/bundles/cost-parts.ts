/** What V8's profiler writes, as far as it is read here. Times in microseconds. */
export type Profile = {
  nodes: readonly {
    id: number;
    callFrame: { functionName: string; url: string };
    children?: readonly number[];
  }[];
  samples?: readonly number[];
  timeDeltas?: readonly number[];
};

type Frame = Profile["nodes"][number]["callFrame"];
type Rule = [part: string, holds: (frame: Frame) => boolean];

const from =
  (...parts: string[]) =>
  ({ url }: Frame) =>
    parts.some((part) => url.includes(part));

/** From the innermost frame outwards the first rule that holds names the part, so a hash counts as one wherever it is taken. */
const RULES: readonly Rule[] = [
  ["idle", ({ functionName }) => functionName === "(idle)"],
  ["profiler", from("node:inspector")],
  ["garbage", ({ functionName }) => functionName === "(garbage collector)"],
  ["hashing", from("@noble/hashes", "hash/keccak256", "kernel/src/keccak")],
  ["signing", from("@noble/curves")],
  ["database", from("/pg/", "/pg-pool/", "/kysely/", "packages/store/", "direct/journal")],
  ["asking attesters", from("relay/http-evidence", "core/wire", "edge/batches/", "/zod/")],
  ["trying calls", from("relay/attempt", "relay/rehearse", "relay/joint-attempts")],
  ["encoding", from("core/calls/", "relay/desks")],
  ["watching", from("edge/watch/")],
  ["planning", from("core/decide/", "relay/bundler", "core/facts")],
  ["sending", from("chain/src/direct/", "chain/src/outbox/")],
  ["batching", from("relay/station")],
  [
    "HTTP and JSON-RPC",
    from("/viem/", "chain/src/rpc/", "node:internal/deps/undici", "node:net", "node:_http"),
  ],
];
const OTHER = "other";
/** What waits, and looking itself. */
const LEFT_OUT = new Set(["idle", "profiler"]);

/** Milliseconds of processor time by part; what waited is left out, and looking itself. */
export function splitProfile({ nodes, samples = [], timeDeltas = [] }: Profile): Record<string, number> {
  const parts = new Map<number, string>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const name = (id: number, above: string): void => {
    const node = byId.get(id);
    if (!node) return;
    const own = RULES.find(([, holds]) => holds(node.callFrame))?.[0] ?? above;
    parts.set(id, own);
    for (const child of node.children ?? []) name(child, own);
  };
  const inner = new Set(nodes.flatMap(({ children = [] }) => children));
  for (const { id } of nodes) if (!inner.has(id)) name(id, OTHER);
  const spent = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const part = parts.get(id) ?? OTHER;
    if (!LEFT_OUT.has(part)) spent.set(part, (spent.get(part) ?? 0) + (timeDeltas[index] ?? 0) / 1_000);
  }
  return Object.fromEntries([...spent].toSorted(([, a], [, b]) => b - a));
}

/** The profiler counts what a busy machine takes away too, so only its shares are believed. */
export function sharesOf(parts: Record<string, number>, whole: number): Record<string, number> {
  const sum = Object.values(parts).reduce((a, b) => a + b, 0);
  return Object.fromEntries(Object.entries(parts).map(([part, ms]) => [part, (whole * ms) / sum]));
}
