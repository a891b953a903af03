import type { BlockRef } from "@sooth/chain";
import { alert, gauge } from "@sooth/runtime";
import type { Deps } from "../../deps.ts";
import { opinionMarketsByIds } from "../market-rows.ts";
import { forgetApprovals, unscoredMarkets } from "./approval-rows.ts";
import { standingsOf } from "./proposals.ts";
import { forgetReplacements } from "./replacement-rows.ts";

const waiting = gauge(
  "markets_approvals_waiting",
  "Results that too few members of the committee have approved",
);
const oldest = gauge(
  "markets_approvals_oldest_seconds",
  "How long the oldest of them has waited since its answer became final",
);
alert({
  id: "markets.approvals_late",
  severity: "ticket",
  forSeconds: 600,
  when: `${oldest.metric} > 172800`,
  runbook: "docs/runbooks/markets.md#results-wait-for-approval",
});

/** Counted of at most so many. */
const LIMIT = 1_000;
/** Signatures that expired are kept for so long, for whoever asks what happened. */
const KEPT_SECONDS = 30 * 86_400;

/** Counts what waits for people, and forgets what nobody can use. Also where no keeper runs: it is members who have to hear of it. */
export async function sweepApprovals(deps: Deps, { timestamp }: BlockRef): Promise<void> {
  if (deps.addresses.committee === undefined) return;
  const { db } = deps.store;
  const found = await opinionMarketsByIds(db, await unscoredMarkets(db, timestamp, { limit: LIMIT }));
  const markets = [...found.values()];
  const standings = await standingsOf(deps, markets, timestamp);
  const pending = markets.filter(({ id }) => standings.get(id)?.state === "pending");
  waiting.set(pending.length);
  oldest.set(Math.max(0, ...pending.map(({ finalAt }) => timestamp - finalAt)));
  await forgetApprovals(db, timestamp - KEPT_SECONDS);
  await forgetReplacements(db, timestamp - KEPT_SECONDS);
}
