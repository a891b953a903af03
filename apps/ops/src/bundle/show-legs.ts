import type { WireLeg } from "@sooth/bundles/core";
import { chainById } from "@sooth/chain";
import { legName, weiText } from "./words.ts";

/**
 * What a leg does, for whoever signs: where, to whom, and what it waits for.
 * @param fails why it would fail as things stand; null where it would not, or nobody tried
 */
export function legLines(leg: WireLeg, place: number, fails: string | null): string[] {
  const { chainId, kind, target, value, gasLimit, data, needsOk, needsFailed, needsSettled, undoes } = leg;
  const wants = [
    needsOk.length > 0 ? `after ${needsOk.map(legName).join(", ")} ran well` : "",
    needsFailed.length > 0 ? `after ${needsFailed.map(legName).join(", ")} failed` : "",
    needsSettled.length > 0 ? `after it is known what became of ${needsSettled.map(legName).join(", ")}` : "",
    undoes === null ? "" : `undoes ${legName(undoes)}`,
  ].filter((text) => text !== "");
  const what =
    kind === "escrow"
      ? `holds ${value} of token ${target}, from 0x${data.slice(26, 66)} for 0x${data.slice(90, 130)}`
      : `${kind}, calls ${target} with ${data}, ${weiText(value)}, ${gasLimit} gas`;
  return [
    `${legName(place).padEnd(8)}  on ${chainById(chainId).name} (${chainId}): ${[what, ...wants].join("; ")}`,
    ...(fails === null ? [] : [`          as things stand it fails: ${fails}`]),
  ];
}
