import { isLocal, unlessAway } from "@sooth/chain";
import { type Address, type Hex, need } from "@sooth/kernel";
import { oracleLimits, questionById, signerSet, type StoredQuestion } from "@sooth/oracle";
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
  roomOf,
  sealComplaint,
  securedComplaint,
  sourcesComplaint,
  stanceRound,
  type Windows,
} from "../../core/index.ts";
import type { Purse } from "../contract.ts";
import { checkTextStays } from "../content/erasure-rows.ts";
import type { Deps } from "../deps.ts";
import { keeperDuties } from "../keeper-duties.ts";
import { checkNoJudge } from "../stake-checks.ts";
import { opinionConstants } from "./contract.ts";
import type { StoredOpinionMarket } from "./market-rows.ts";
import { stakedAndUnderWay } from "./under-way.ts";

/**
 * What the contract would refuse, said before anybody signs or pays gas; except the allowance, which a permit may bring.
 * @throws opinions.closed, opinions.wrong_stance, opinions.nobody_tells, opinions.stake_out_of_bounds, opinions.already_staked,
 *   markets.balance_too_small, markets.judges_this, opinions.read_elsewhere,
 *   opinions.too_few_families, opinions.undersecured, opinions.beyond_secured, opinions.text_erased_soon, content.erased
 */
export async function checkOpinion(
  deps: Pick<Deps, "store" | "config" | "hub" | "addresses">,
  market: StoredOpinionMarket,
  { band, amount, owner, commitment, opinion }: OpinionIntent,
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
  await checkTextStays(db, opinion);
  await checkNoJudge(db, market, owner);
  const question = need(await questionById(db, terms.question), `question of market ${id}`);
  checkSources(deps, question, terms);
  checkFamilies(deps, question);
  await checkSecured(deps, question, terms);
  await checkRoom(db, market, question, { owner, amount });
}

/**
 * That stakes, with those that are being sent, stay within what the market's answer secures. Whoever stakes by the contract alone is
 * held back by nobody. @throws opinions.beyond_secured
 */
export async function checkRoom(
  db: Executor,
  { id }: Pick<StoredOpinionMarket, "id">,
  { terms: { secures } }: Pick<StoredQuestion, "terms">,
  { owner, amount }: Pick<OpinionIntent, "owner" | "amount">,
): Promise<void> {
  const room = roomOf(secures, await stakedAndUnderWay(db, id, owner));
  if (amount > room) throw OpinionsError.beyond_secured({ market: id, amount, secures, room });
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
type Asked = Pick<StoredQuestion, "id" | "schema" | "terms">;
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

/** What an oracle's times are counted from; undefined where it cannot be asked, and never was. */
export const windowsOf = ({
  hub,
  addresses,
}: Pick<Deps, "hub" | "addresses">): Promise<Windows | undefined> =>
  unlessAway(() => oracleLimits(hub, addresses));

/** Why money on a market with these terms should not rest on this question's answer, or null. */
export const undersecuredBy = (
  { schema, terms: asked }: Pick<Asked, "schema" | "terms">,
  terms: Pick<OpinionTerms, "mostStake">,
  known: Parameters<typeof securedComplaint>[2],
): string | null => securedComplaint({ ...asked, schema }, terms, known);

/** That who answers, what the answer secures, and the time to object to it are such that stakes may rest on it. @throws opinions.undersecured */
export async function checkSecured(
  { hub, addresses }: Pick<Deps, "hub" | "addresses">,
  question: Asked,
  terms: Pick<OpinionTerms, "mostStake">,
  seated?: bigint,
): Promise<void> {
  const windows = await oracleLimits(hub, addresses);
  const why = undersecuredBy(question, terms, { windows, seated });
  if (why !== null) throw OpinionsError.undersecured({ question: question.id, why });
}

/** Weight of all who may answer a question now; undefined while rows tell of nobody. */
export async function seatedFor(db: Executor, { terms }: Pick<Asked, "terms">): Promise<bigint | undefined> {
  const { seats, totalWeight } = await signerSet(db, terms.domain);
  return seats.length === 0 ? undefined : totalWeight;
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
