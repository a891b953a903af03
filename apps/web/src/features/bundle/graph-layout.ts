import type { LegShown } from "../../api.ts";

/** Sizes in CSS pixels. */
export const NODE = { height: 92, least: 138, most: 220 } as const;
const GAP = { beside: 14, row: 30, wave: 46 } as const;

export type Node = { place: number; x: number; y: number; width: number; undoes: number | null };
/** `undoes`: from a leg to what undoes it. */
export type Edge = { from: number; to: number; kind: "ok" | "failed" | "settled" | "undoes" };
export type Picture = { nodes: Node[]; edges: Edge[]; height: number };
type Part = Pick<LegShown, "place" | "leg">;

/**
 * Legs in waves from the top down: each wave needs only what stands above it. A compensation stands beside the leg that it undoes. What
 * does not fit beside the others of its wave begins another row. A leg that is private still needs nothing that can be seen.
 */
export function pictureOf(legs: readonly Part[], width: number): Picture {
  const undoOf = new Map(
    legs.flatMap(({ place, leg }) => (leg && leg.undoes !== null ? [[leg.undoes, place]] : [])),
  );
  const wanted = legs.filter(({ leg }) => (leg?.undoes ?? null) === null);
  const cells = wavesOf(wanted).map((wave) =>
    wave.map((place) => ({ place, undo: undoOf.get(place), size: undoOf.has(place) ? 2 : 1 })),
  );
  const columns = Math.max(1, Math.floor((width + GAP.beside) / (NODE.least + GAP.beside)));
  const widest = Math.max(2, ...cells.map((wave) => wave.reduce((sum, { size }) => sum + size, 0)));
  const used = Math.min(columns, widest);
  const nodeWidth = Math.min(NODE.most, Math.floor((width - GAP.beside * (used - 1)) / used));
  const nodes: Node[] = [];
  let y = 0;
  for (const [index, wave] of cells.entries()) {
    if (index > 0) y += GAP.wave - GAP.row;
    for (const row of rowsOf(wave, columns)) {
      let x = 0;
      const put = (place: number, undoes: number | null) => {
        nodes.push({ place, x, y, width: nodeWidth, undoes });
        x += nodeWidth + GAP.beside;
      };
      for (const { place, undo } of row) {
        put(place, null);
        if (undo !== undefined) put(undo, place);
      }
      y += NODE.height + GAP.row;
    }
  }
  return { nodes, edges: edgesOf(legs), height: Math.max(0, y - GAP.row) };
}

function wavesOf(legs: readonly Part[]): number[][] {
  const waveOf = new Map<number, number>();
  for (const { place, leg } of legs) {
    const before = leg ? [...leg.needsOk, ...leg.needsFailed, ...leg.needsSettled] : [];
    waveOf.set(place, 1 + Math.max(-1, ...before.map((one) => waveOf.get(one) ?? -1)));
  }
  const waves: number[][] = [];
  for (const [place, wave] of waveOf) (waves[wave] ??= []).push(place);
  return waves;
}

function rowsOf<T extends { size: number }>(cells: readonly T[], columns: number): T[][] {
  const rows: T[][] = [[]];
  let used = 0;
  for (const cell of cells) {
    if (used > 0 && used + cell.size > columns) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)?.push(cell);
    used += cell.size;
  }
  return rows;
}

/** Of a compensation only what it undoes: what else it waits for is said in words, and would cross everything. */
const edgesOf = (legs: readonly Part[]): Edge[] =>
  legs.flatMap(({ place, leg }): Edge[] => {
    if (!leg) return [];
    if (leg.undoes !== null) return [{ from: leg.undoes, to: place, kind: "undoes" }];
    const all = (places: readonly number[], kind: Edge["kind"]) =>
      places.map((from) => ({ from, to: place, kind }));
    return [
      ...all(leg.needsOk, "ok"),
      ...all(leg.needsFailed, "failed"),
      ...all(leg.needsSettled, "settled"),
    ];
  });

/** The line of an edge, from the bottom of one node to the top of the other, or from side to side in a row. */
export function lineOf(from: Node, to: Node): string {
  if (from.y === to.y) {
    const y = from.y + NODE.height / 2;
    return `M${from.x + from.width} ${y}H${to.x}`;
  }
  const [x0, y0] = [from.x + from.width / 2, from.y + NODE.height];
  const [x1, y1] = [to.x + to.width / 2, to.y];
  const bend = Math.min(40, Math.abs(y1 - y0) / 2);
  return `M${x0} ${y0}C${x0} ${y0 + bend} ${x1} ${y1 - bend} ${x1} ${y1}`;
}
