import { type Address, appErrorIn, canonicalJson, type Hex } from "@sooth/kernel";
import { chainTime, type ReadPosition } from "@sooth/oracle";
import { sha256, stringToHex } from "viem";
import { MOST_RELABELLED, OpinionsError } from "../../../core/index.ts";
import type { Analyst } from "../../analyst/analyst.ts";
import { labelAll, LEAST_LABELLED, sheetOfLabels } from "../../analyst/panel.ts";
import type { Deps } from "../../deps.ts";
import { memberSees } from "../approvals/hand-over.ts";
import type { StoredOpinionMarket } from "../market-rows.ts";
import {
  type Asked,
  type Ended,
  endRelabelling,
  positionsOf,
  relabellingOf,
  takeRelabelling,
} from "./relabel-rows.ts";

/** A batch of a language model takes minutes. Whoever died leaves it to the next after so long. */
const SECONDS = 900;

/**
 * Has this deployment's own analysts label a market's opinions again, for a member who is about to sign. It changes nothing of what
 * providers reported. What the same analysts said of the same opinions is not made twice; money of language models is set aside in
 * their ledgers before each call, as for the deployment's own providers. Returns the work that goes on, or null where it is done.
 * @throws opinions.* that say why not
 */
export async function relabel(
  deps: Deps,
  market: StoredOpinionMarket,
  member: Address,
  signal: AbortSignal,
): Promise<{ work: Promise<void> } | null> {
  const { store, log } = deps;
  const now = await chainTime(deps.hub);
  await memberSees(deps, market, member, now);
  const analysts = (await deps.analysts?.()) ?? [];
  if (analysts.length === 0) throw OpinionsError.no_analysts({});
  const positions = await positionsOf(store.db, market.id, MOST_RELABELLED);
  if (positions.length > MOST_RELABELLED)
    throw OpinionsError.too_many_to_relabel({
      market: market.id,
      opinions: market.book.count,
      most: MOST_RELABELLED,
    });
  needTexts(market.id, positions);
  const noText = positions.filter(({ text }) => text === null).length;
  const asked: Asked = {
    market: market.id,
    askedBy: member,
    askedAt: now,
    askedOf: hashOf(analysts, positions),
    opinions: positions.length,
    noText,
  };
  const known = await relabellingOf(store.db, market.id);
  if (known && known.sheet !== null && known.askedOf === asked.askedOf) return null;
  if (!(await takeRelabelling(store.db, asked, SECONDS)))
    throw OpinionsError.relabelling({ market: market.id });
  const work = async (): Promise<void> => {
    let ended: Ended;
    try {
      ended = { sheet: await labelAgain(deps, market, { analysts, positions }, signal) };
    } catch (error) {
      const told = appErrorIn(error);
      if (!told) log.error({ err: error, market: market.id }, "opinions could not be labelled again");
      const why = told ?? OpinionsError.analyst_away({ why: "a fault of this server, which its log tells" });
      ended = { code: why.code, why: why.message };
    }
    await endRelabelling(store.db, asked, ended);
  };
  const kept = work().catch((error: unknown) =>
    log.error({ err: error, market: market.id }, "labels that were made again could not be kept"),
  );
  return { work: kept };
}

/** As providers: who has not the texts of most of the stake says nothing. */
function needTexts(market: Hex, positions: readonly ReadPosition[]): void {
  const without = positions.filter(({ text }) => text === null);
  if ((sum(positions) - sum(without)) * 10_000n < sum(positions) * LEAST_LABELLED)
    throw OpinionsError.texts_missing({ market, missing: without.length, opinions: positions.length });
}

const sum = (some: readonly ReadPosition[]): bigint => some.reduce((all, { staked }) => all + staked, 0n);

/** A text that was erased since, or came, makes another. */
function hashOf(analysts: readonly Analyst[], positions: readonly ReadPosition[]): string {
  const who = analysts.map(({ analyst, family, model, prompt, settings }) => ({
    analyst,
    family,
    model,
    prompt,
    settings,
  }));
  const what = positions.map(({ owner, band, staked, opinion, text }) => [
    owner,
    band,
    String(staked),
    opinion,
    text !== null,
  ]);
  return sha256(stringToHex(canonicalJson({ who, what })));
}

async function labelAgain(
  { hub, addresses }: Deps,
  { id: market, terms, statement }: StoredOpinionMarket,
  { analysts, positions }: { analysts: readonly Analyst[]; positions: readonly ReadPosition[] },
  stopped: AbortSignal,
): Promise<string> {
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(SECONDS * 1_000)]);
  const made = await labelAll(analysts, { market, statement, positions }, signal);
  if (!made.done) {
    const { why, spent } = made;
    throw spent ? OpinionsError.analyst_spent({ why }) : OpinionsError.analyst_away({ why });
  }
  const its = {
    chainId: hub.definition.id,
    contract: addresses.opinions,
    market,
    question: terms.question,
    statementHash: terms.statement,
    rubricHash: terms.rubric,
  };
  const found = sheetOfLabels(its, made);
  if ("why" in found) throw OpinionsError.labels_score_nothing({ why: found.why });
  return canonicalJson(found.sheet);
}
