import type { WireBundleDetail } from "@sooth/bundles/core";
import { z } from "zod";
import { columns } from "../bench/table.ts";
import { id, legsFile, shared } from "../bundle/arguments.ts";
import { diagnose } from "../bundle/doctor.ts";
import { detailOf, lookAt, NOBODY } from "../bundle/look.ts";
import { openServer, withChains } from "../bundle/network.ts";
import { owedOf, owedText } from "../bundle/owed.ts";
import { legsThatFail } from "../bundle/try-legs.ts";
import { ofLeg, weiText } from "../bundle/words.ts";
import { command } from "../cli/command.ts";
import { time } from "../verify/verify-question.ts";

export const bundleStatus = command({
  name: "bundle status",
  about: "shows how far a bundle is: each leg on its chain, times, fees, and what can be sent now",
  args: z.object({ id, ...shared }),
  positional: ["id"],
  run: async ({ id: which, url, deployment, json }, terminal) => {
    const detail = await detailOf(await openServer(url, { signs: false, deployment }), which);
    if (json) terminal.result(detail);
    else for (const line of statusLines(detail)) terminal.line(line);
    return 0;
  },
});

export const bundleDoctor = command({
  name: "bundle doctor",
  about: "says in words why a bundle does not move, and which command moves it; ends with 1 where one would",
  args: z.object({ id, legs: legsFile, ...shared }),
  positional: ["id"],
  run: async ({ id: which, legs: ownLegs, url, deployment, json }, terminal) => {
    const server = await openServer(url, { signs: false, deployment });
    const { detail, legs, calls, missing } = await lookAt(server, which, ownLegs, NOBODY);
    const [failing, owed] = legs
      ? await withChains(server, (chainAt) =>
          Promise.all([
            legsThatFail(detail, legs, server.addresses, chainAt),
            owedOf(legs, server.addresses, chainAt),
          ]),
        )
      : [[], []];
    const found = diagnose(detail, calls, missing, failing);
    if (owed.length > 0) {
      found.reasons.push(...owed.map(owedText));
      found.todo.push(`sooth bundle withdraw ${which} --send`);
    }
    if (json) terminal.result(found);
    else {
      terminal.line(found.says);
      for (const reason of found.reasons) terminal.line(`  ${reason}`);
      for (const todo of found.todo) terminal.line(`do: npx ${todo}`);
    }
    return found.todo.length === 0 ? 0 : 1;
  },
});

function statusLines(detail: WireBundleDetail): string[] {
  const { fees, times, outcome } = detail;
  const isOpen = outcome === "none" || outcome === "open";
  const legs = detail.shown.map(({ place, chainId, state, relayer, transaction }) => [
    String(place + 1),
    chainId === null ? "private" : String(chainId),
    state,
    relayer ?? "",
    transaction ?? "",
  ]);
  return [
    `bundle    ${detail.id}`,
    `owner     ${detail.owner}, ${detail.mode}`,
    `stands    ${detail.status.kind}; the hub says ${detail.outcome}`,
    `deadline  ${time(detail.deadline)}${isOpen ? `; anybody may abort it from ${time(times.abortable)}, and what is held be taken back from ${time(times.escape)}` : ""}`,
    `fee       ${weiText(detail.fee)}: ${fees.paid} to relayers, ${fees.toAttesters} to attesters, ${fees.toOwner} to the owner, ${fees.left} left`,
    ...columns([["leg", "chain", "state", "relayer", "transaction"], ...legs]).split("\n"),
    ...detail.calls.map(
      ({ what, leg, by, chainId }) =>
        `now       ${what}${ofLeg(leg)} on chain ${chainId}, by ${by ?? "anybody"}`,
    ),
  ];
}
