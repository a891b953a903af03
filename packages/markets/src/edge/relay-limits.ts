import { gasAskedFor, transactionStatuses } from "@sooth/chain";
import type { Address } from "@sooth/kernel";
import { alert, gauge } from "@sooth/runtime";
import { type Executor, rows, sql } from "@sooth/store";
import { MarketsError } from "../core/index.ts";
import type { Deps } from "./deps.ts";

const used = gauge(
  "markets_relay_day_used_ratio",
  "Gas that relayed stakes were given within a day, of what they may take in one",
);
export const relaySpendAlert = alert({
  id: "markets.relay_spend",
  severity: "ticket",
  forSeconds: 300,
  when: `${used.metric} > 0.8`,
  runbook: "docs/runbooks/markets.md#relayed-stakes-take-much-gas",
});

/** In the outbox, of relayed stakes alone. */
export const PURPOSE = "stake";

/**
 * What the platform pays for one stake at most. A relayed stake was measured at 104,726 gas with a permit and an owner
 * who signs by key; the rest is for contract wallets, whose own code decides what checking a signature takes.
 */
export const RELAY_GAS = 400_000n;

const MINUTE = 60;
const DAY = 86_400;
/** Of one owner's, within a day: a stake that was mined and undone took gas for nothing. By mistake it happens once. */
const MOST_REVERTED = 3;

/**
 * Relaying is paid for by the platform, and a wallet costs nothing to make: so one owner has so many stakes a minute and a day, and
 * none for a day once some were mined and undone; and what all take in a minute and a day has an end.
 * @throws markets.too_many_stakes, markets.relay_busy
 */
export async function limitRelays(deps: Deps, tx: Executor, owner: Address): Promise<void> {
  await limitOwner(deps, tx, owner);
  await limitGas(deps, tx);
}

async function limitOwner({ config }: Deps, tx: Executor, owner: Address): Promise<void> {
  const own = await rows<{ key: string; fresh: boolean }>(
    tx,
    sql`select outbox_key as key, created_at > now() - make_interval(secs => ${MINUTE}) as fresh from markets.relayed
      where owner = ${owner} and created_at > now() - make_interval(secs => ${DAY})`,
  );
  const tooMany = (retryAfterSeconds: number) => MarketsError.too_many_stakes({ owner, retryAfterSeconds });
  if (own.filter(({ fresh }) => fresh).length >= config.MARKETS_RELAY_PER_MINUTE) throw tooMany(MINUTE);
  if (own.length >= config.MARKETS_RELAY_PER_DAY) throw tooMany(DAY);
  const statuses = await transactionStatuses(
    tx,
    own.map(({ key }) => key),
  );
  // What failed without a transaction was never sent, and cost nothing. A nonce that was used meanwhile is no fault of the
  // owner's: anybody can send the stake that he signed.
  const reverted = [...statuses.values()].filter(
    ({ status, transaction, error }) =>
      status === "failed" && transaction !== null && !error?.name.endsWith("_BadNonce"),
  );
  if (reverted.length >= MOST_REVERTED) throw tooMany(DAY);
}

async function limitGas({ config, hub }: Deps, tx: Executor): Promise<void> {
  const asked = (seconds: number) =>
    gasAskedFor(tx, { chainId: hub.definition.id, purpose: PURPOSE, seconds });
  if ((await asked(MINUTE)) + RELAY_GAS > BigInt(config.MARKETS_RELAY_GAS_PER_MINUTE))
    throw MarketsError.relay_busy({ retryAfterSeconds: MINUTE });
  const [day, most] = [(await asked(DAY)) + RELAY_GAS, BigInt(config.MARKETS_RELAY_GAS_PER_DAY)];
  used.set(Number(day) / Number(most));
  if (day > most) throw MarketsError.relay_busy({ retryAfterSeconds: DAY / 24 });
}
