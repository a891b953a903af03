import { isLocal } from "@sooth/chain";
import { type Address, type Hex, need } from "@sooth/kernel";
import { questionById, type StoredQuestion } from "@sooth/oracle";
import { familiesWanted } from "@sooth/oracle/core";
import { beaconIdentity } from "@sooth/randomness";
import { type Executor, one, sql } from "@sooth/store";
import { zeroHash } from "viem";
import {
  HIDDEN_BAND,
  isHidden,
  MarketsError,
  mostAt,
  type OpinionIntent,
  OpinionsError,
  type OpinionTerms,
  sealComplaint,
  sourcesComplaint,
  stanceRound,
} from "../../core/index.ts";
import type { Purse } from "../contract.ts";
import type { Deps } from "../deps.ts";
import { keeperDuties } from "../keeper-duties.ts";
import { checkNoJudge } from "../stake-checks.ts";
import { opinionConstants } from "./contract.ts";
import type { StoredOpinionMarket } from "./market-rows.ts";

/**
 * What the contract would refuse, said before anybody signs or pays gas; except the allowance, which a permit may bring.
 * @throws opinions.closed, opinions.wrong_stance, opinions.nobody_tells, opinions.stake_out_of_bounds, opinions.already_staked,
 *   markets.balance_too_small, markets.judges_this, opinions.read_elsewhere,
 *   opinions.too_few_families
 */
export async function checkOpinion(
  deps: Pick<Deps, "store" | "config" | "hub" | "addresses">,
  market: StoredOpinionMarket,
  { band, amount, owner, commitment }: OpinionIntent,
  { now, purse }: { now: number; purse: Purse },
): Promise<void> {
  const { db } = deps.store;
  const { id, terms } = market;
  if (now >= terms.closesAt || market.ending !== "none")
    throw OpinionsError.closed({ market: id, closesAt: terms.closesAt });
  const hides = band === HIDDEN_BAND;
  // A commitment of nothing could never be told: the stake would be lost.
  if (hides !== isHidden(terms) || hides !== (commitment !== zeroHash))
    throw OpinionsError.wrong_stance({ market: id });
  if (hides && !keeperDuties(deps).tells) throw OpinionsError.nobody_tells({ market: id });
  const most = mostAt(terms, now);
  if (amount < terms.leastStake || amount > most)
    throw OpinionsError.stake_out_of_bounds({ amount, least: terms.leastStake, most });
  if (purse.balance < amount) throw MarketsError.balance_too_small({ owner, balance: purse.balance, amount });
  if (await hasOpinion(db, id, owner)) throw OpinionsError.already_staked({ market: id, owner });
  await checkNoJudge(db, market, owner);
  const question = need(await questionById(db, terms.question), `question of market ${id}`);
  checkSources(deps, question, terms);
  checkFamilies(deps, question);
}

/**
 * That a sealed stance will open by its form, as far as anybody can tell before. Nothing sealed is as well: its owner tells it himself.
 * @throws opinions.bad_seal
 */
export async function checkSeal(
  { hub, addresses }: Pick<Deps, "hub" | "addresses">,
  { id, terms }: StoredOpinionMarket,
  { sealed }: Pick<OpinionIntent, "sealed">,
): Promise<void> {
  if (sealed === "0x") return;
  const [schedule, { clockLag }] = await Promise.all([
    beaconIdentity(hub, addresses),
    opinionConstants(hub, addresses),
  ]);
  const round = stanceRound({ ...schedule, clockLag }, terms);
  const fault = sealComplaint(sealed, round);
  if (fault !== null) throw OpinionsError.bad_seal({ market: id, round, fault });
}

type Read = Pick<StoredQuestion, "id" | "schema">;
type Times = Pick<OpinionTerms, "closesAt" | "revealSeconds">;

/** Why the score of a market with these terms would be read from anything but its own opinions here, or null. */
export const elsewhereOf = (
  { hub, addresses }: Pick<Deps, "hub" | "addresses">,
  { schema }: Pick<Read, "schema">,
  terms: Times,
): string | null =>
  sourcesComplaint(schema, { chainId: hub.definition.id, opinions: addresses.opinions }, terms);

/** That nothing but the market's own opinions gets into its score. @throws opinions.read_elsewhere */
export function checkSources(deps: Pick<Deps, "hub" | "addresses">, question: Read, terms: Times): void {
  const why = elsewhereOf(deps, question, terms);
  if (why !== null) throw OpinionsError.read_elsewhere({ question: question.id, why });
}

type FamiliesDeps = {
  config: Pick<Deps["config"], "MARKETS_LEAST_FAMILIES">;
  hub: { definition: Pick<Deps["hub"]["definition"], "id"> };
};

/** A laptop has one analyst; elsewhere money does not move on the word of one family of models, unless its operator says so. */
export const leastFamilies = ({ config, hub }: FamiliesDeps): number =>
  config.MARKETS_LEAST_FAMILIES ?? (isLocal(hub.definition.id) ? 1 : 2);

/**
 * That the market's score rests on as many families of models as this deployment wants before money moves. The question's hash
 * binds it, so that providers keep to it whoever asks. @throws opinions.too_few_families
 */
export function checkFamilies(deps: FamiliesDeps, { id, schema }: Read): void {
  const least = leastFamilies(deps);
  const wants = familiesWanted(schema.sources);
  if (wants < least) throw OpinionsError.too_few_families({ question: id, wants, least });
}

async function hasOpinion(db: Executor, market: Hex, owner: Address): Promise<boolean> {
  const found = await one(
    db,
    sql`select 1 from markets.opinions where market = ${market} and owner = ${owner.toLowerCase()}`,
  );
  return found !== undefined;
}
