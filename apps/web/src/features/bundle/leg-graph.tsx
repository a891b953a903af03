import { t } from "@lingui/core/macro";
import type { BundleDetail, LegShown } from "../../api.ts";
import { useWidth } from "../../charts/use-width.ts";
import { type Edge, lineOf, type Node, NODE, pictureOf } from "./graph-layout.ts";
import { useDeed } from "./leg-deed.tsx";
import { LegMark } from "./leg-mark.tsx";
import { useChainTitle } from "./use-chains.ts";
import { legLook, legName, legNames } from "./words.ts";

const EDGES: Record<Edge["kind"], string> = {
  ok: "stroke-ink-3",
  failed: "stroke-bad [stroke-dasharray:2_4]",
  settled: "stroke-ink-3 [stroke-dasharray:6_4]",
  undoes: "stroke-gold [stroke-dasharray:4_3]",
};

/**
 * The legs as a picture: from top to bottom as they need each other, what undoes a leg beside it. Every node is a button, in the
 * order of the legs, that leads to all that is known of it.
 */
export function LegGraph({
  bundle,
  onPick,
}: {
  bundle: Pick<BundleDetail, "mode" | "shown">;
  onPick: (place: number) => void;
}) {
  const [frame, width] = useWidth<HTMLDivElement>(328);
  const { nodes, edges, height } = pictureOf(bundle.shown, width);
  const at = new Map(nodes.map((node) => [node.place, node]));
  return (
    <figure ref={frame}>
      <div className="relative" style={{ height }}>
        <svg width={width} height={height} className="absolute inset-0" aria-hidden="true" focusable="false">
          <defs>
            <marker
              id="tip"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto"
            >
              <path d="M0 0 8 4 0 8Z" className="fill-ink-3" />
            </marker>
          </defs>
          {edges.map((edge) => {
            const [from, to] = [at.get(edge.from), at.get(edge.to)];
            if (!from || !to) return null;
            return (
              <path
                key={`${edge.from}-${edge.to}-${edge.kind}`}
                d={lineOf(from, to)}
                className={EDGES[edge.kind]}
                fill="none"
                strokeWidth="1.6"
                markerEnd="url(#tip)"
              />
            );
          })}
        </svg>
        <ol aria-label={t`Legs`}>
          {nodes
            .toSorted((a, b) => a.place - b.place)
            .map((node) => (
              <LegNode key={node.place} {...{ bundle, node, onPick }} />
            ))}
        </ol>
      </div>
      {edges.length > 0 && (
        <figcaption className="mt-3 text-sm text-ink-2">
          {edges.some(({ kind }) => kind !== "undoes") && t`A line leads from a leg to what needs it.`}{" "}
          {edges.some(({ kind }) => kind === "undoes") &&
            t`Beside a leg, on a dashed ground, stands what undoes it.`}
        </figcaption>
      )}
    </figure>
  );
}

function LegNode({
  bundle,
  node,
  onPick,
}: {
  bundle: Pick<BundleDetail, "mode" | "shown">;
  node: Node;
  onPick: (place: number) => void;
}) {
  const title = useChainTitle();
  const part = bundle.shown.find(({ place }) => place === node.place);
  if (!part) return null;
  const look = legLook(part, { isEscrowed: bundle.mode === "escrowed", undoes: node.undoes !== null });
  const ground =
    node.undoes === null
      ? "border-rule-2 bg-surface"
      : "border-dashed border-gold/70 bg-[color-mix(in_oklab,var(--gold-wash)_40%,var(--surface))]";
  return (
    <li className="absolute" style={{ left: node.x, top: node.y, width: node.width, height: NODE.height }}>
      <button
        type="button"
        onClick={() => onPick(node.place)}
        className={`grid size-full content-between overflow-hidden rounded-md border px-2.5 py-2 text-left hover:border-accent ${ground}`}
      >
        <span className="flex items-baseline justify-between gap-2 text-sm">
          <b className="whitespace-nowrap">{legName(node.place)}</b>
          <span className="min-w-0 truncate text-xs text-ink-2">
            {part.chainId === null ? "" : title(part.chainId)}
          </span>
        </span>
        <Deed part={part} />
        <LegMark look={look} className="text-sm" />
        <span className="sr-only">{relations(part)}</span>
      </button>
    </li>
  );
}

function Deed({ part }: { part: LegShown }) {
  return <span className="line-clamp-2 text-xs leading-snug wrap-anywhere text-ink-2">{useDeed(part)}</span>;
}

/** What the lines say, for who does not see them. */
function relations({ leg }: LegShown): string {
  if (!leg) return "";
  return [
    leg.undoes === null ? "" : t`undoes ${legNames([leg.undoes])}`,
    leg.needsOk.length === 0 ? "" : t`needs ${legNames(leg.needsOk)}`,
    leg.needsFailed.length === 0 ? "" : t`needs that ${legNames(leg.needsFailed)} failed`,
    leg.needsSettled.length === 0 ? "" : t`waits for ${legNames(leg.needsSettled)}`,
  ]
    .filter((text) => text !== "")
    .join(", ");
}
