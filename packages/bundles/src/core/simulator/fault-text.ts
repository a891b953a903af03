import { need } from "@sooth/kernel";
import { type Fault, roles } from "./plan.ts";

const OF_CHAINS = ["pause", "halt", "censor", "slow"] as const;
const OF_ROLES = ["crash", "lying_node"] as const;
const FORMS = `${OF_CHAINS.join(", ")} CHAIN FROM-TO; reorg CHAIN BLOCKS@SECOND; ${OF_ROLES.join(", ")} ROLE FROM-TO`;
/** A week: nothing lasts longer. */
const LATEST = 604_800;

/** A fault in the words that {readFaults} reads; chains by their id, seconds from the start. */
export function faultText(fault: Fault, chainIds: readonly number[]): string {
  if (fault.kind === "reorg")
    return `reorg ${need(chainIds[fault.chain], "chain")} ${fault.depth}@${fault.from}`;
  const who = "role" in fault ? fault.role.replace(" ", "-") : need(chainIds[fault.chain], "chain");
  return `${fault.kind} ${who} ${fault.from}-${fault.to}`;
}

/** Reads faults, separated by commas; "none" is none of them. `wrong`: what is no fault, and why. */
export function readFaults(
  text: string,
  chainIds: readonly number[],
): { faults: Fault[] } | { wrong: string } {
  if (text.trim() === "none") return { faults: [] };
  const faults: Fault[] = [];
  for (const one of text.split(",")) {
    const fault = readFault(one.trim(), chainIds);
    if ("wrong" in fault) return { wrong: `"${one.trim()}": ${fault.wrong}` };
    faults.push(fault);
  }
  return { faults };
}

function readFault(text: string, chainIds: readonly number[]): Fault | { wrong: string } {
  const [, kind, who = "", first, sign, second] =
    /^(\w+) ([\w-]+) (\d{1,6})([-@])(\d{1,6})$/.exec(text) ?? [];
  const [low, high] = [Number(first), Number(second)];
  if (high > LATEST || low > LATEST) return { wrong: `nothing is later than ${LATEST} s` };
  const chain = chainIds.indexOf(Number(who));
  const unknown = { wrong: `there is no chain ${who}, only ${chainIds.join(", ")}` };
  if (kind === "reorg" && sign === "@") {
    if (low === 0) return { wrong: "at least one block goes" };
    return chain < 0 ? unknown : { kind, chain, depth: low, from: high, to: high };
  }
  const span = { from: low, to: high };
  const ofChain = OF_CHAINS.find((name) => name === kind);
  const ofRole = OF_ROLES.find((name) => name === kind);
  if (sign !== "-" || !(ofChain ?? ofRole)) return { wrong: `wants one of ${FORMS}` };
  if (low >= high) return { wrong: "it ends before it begins" };
  if (ofChain) return chain < 0 ? unknown : { kind: ofChain, chain, ...span };
  const role = roles().find((name) => name.replace(" ", "-") === who);
  const names = roles().map((name) => name.replace(" ", "-"));
  return ofRole && role
    ? { kind: ofRole, role, ...span }
    : { wrong: `nobody is ${who}, only ${names.join(", ")}` };
}
