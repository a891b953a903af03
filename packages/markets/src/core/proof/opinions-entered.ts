import { opinionsAbi } from "@sooth/abi";
import { type Address, amount, type Amount, type Bps, type Hex } from "@sooth/kernel";
import { bear, callsIn, type Note, readSchema } from "@sooth/oracle/core";
import { securedComplaint } from "../opinions/secured.ts";
import { sourcesComplaint } from "../opinions/sources.ts";
import {
  badOpinionTerms,
  HIDDEN_BAND,
  isHidden,
  mostAt,
  opinionMarketId,
  type OpinionTerms,
  stanceCommitment,
  textHash,
} from "../opinions/terms.ts";
import { BANDS, RULES, stanceOf } from "../rules/bands.ts";
import {
  bookOf,
  type OpinionLedger,
  type ProvenOpinion,
  type ProvenOpinions,
  seat,
} from "./opinion-ledger.ts";
import type { OpinionLogOf } from "./opinion-log.ts";

/** Until a market is closed, and its hidden stances told: what `Entering.sol` lets in. */

const key = (owner: string): Address => owner.toLowerCase() as Address;

/** A log may say anything: what no market could have becomes something that no market's hash is of. */
function termsOf({ terms }: OpinionLogOf<"Announced">["args"]): OpinionTerms {
  return {
    ...terms,
    feeBps: terms.feeBps as Bps,
    prizeBps: terms.prizeBps as Bps,
    rule: RULES[terms.rule] ?? "linear",
    prizes: Math.max(terms.prizes, 1),
    leastStake: BigInt(terms.leastStake) as Amount,
    mostStake: BigInt(terms.mostStake) as Amount,
    quietMost: BigInt(terms.quietMost) as Amount,
  };
}

export function keepAnnounced(ledger: OpinionLedger, log: OpinionLogOf<"Announced">, note: Note): void {
  const { market: id, question: asked, statement } = log.args;
  const terms = termsOf(log.args);
  if (opinionMarketId(terms) === id) note.tell("the terms and their door hash to the market");
  else note.differ("the terms do not hash to the market");
  if (terms.question !== asked) note.differ(`announced on ${asked}, its terms name ${terms.question}`);
  if (textHash(statement) === terms.statement) note.tell(`the statement "${statement}" hashes to the terms'`);
  else note.differ("the statement does not hash to the terms' statement");
  const book = bookOf(ledger, id);
  const other = [...ledger.markets.values()].find((one) => one.terms?.question === terms.question);
  if (other) note.differ(`the question had a market before: ${other.id}`);
  checkRests(ledger, terms, log.at, note);
  bear(ledger.oracle, id, terms.question);
  book.terms = terms;
  book.statement = statement;
  // Who knew the terms could stake before.
  for (const opinion of book.opinions.values()) checkStake(terms, opinion, note);
}

/** What it rests on must be a score that nobody can know while stakes and stances may still change. */
function checkRests({ oracle, domain }: OpinionLedger, terms: OpinionTerms, now: number, note: Note): void {
  const question = oracle.questions.get(terms.question);
  if (!question) return note.differ("it rests on a question that nobody asked");
  if (question.word.state !== "open") note.differ("its question was not open");
  const bad = badOpinionTerms(terms, {
    question: question.terms,
    bounds: domain.params.opinionLimits,
    now,
  });
  if (bad === null) note.tell("the terms keep the bounds of the contract");
  else note.differ(`the terms break a bound of the contract: ${bad}`);
  const { chainId, addresses } = domain;
  const { schema } = readSchema(question.schema, question.terms);
  const elsewhere = sourcesComplaint(schema, { chainId, opinions: addresses.opinions }, terms);
  if (elsewhere === null) note.tell("its question is answered by its own opinions alone");
  else note.differ(`its question is not answered by its own opinions alone: ${elsewhere}`);
  const windows = { lowestWindow: domain.params.limits.lowestWindow, unit: domain.params.limits.unit };
  const unsafe = securedComplaint({ ...question.terms, schema }, terms, { windows });
  if (unsafe === null)
    note.tell(
      `its question's answer secures ${question.terms.secures}, and can be objected to as long as that wants`,
    );
  else note.differ(`no stake should rest on what its question is answered: ${unsafe}`);
}

export function keepHidden(ledger: OpinionLedger, { args, input }: OpinionLogOf<"Hidden">, note: Note): void {
  const book = bookOf(ledger, args.market);
  if (book.opinions.has(key(args.owner))) note.differ(`${args.owner} had staked before he hid a stance`);
  book.commitments.set(key(args.owner), args.commitment);
  book.seals.set(key(args.owner), args.sealed_);
  // A lock that opens to nothing is its owner's own doing only where it is what he sent. Older files lack the input.
  if (input !== undefined && !isSent(args, input))
    note.differ(`what ${args.owner} sent hides another stance, or locks it otherwise, than the log says`);
}

function isSent({ commitment, sealed_ }: OpinionLogOf<"Hidden">["args"], input: Hex): boolean {
  const own = callsIn(input, opinionsAbi, "stakeHidden").map(
    ([, , , , hidden, locked]) => [hidden, locked] as const,
  );
  const relayed = callsIn(input, opinionsAbi, "stakeBySig").map(
    ([, , intent, locked]) => [intent.commitment, locked] as const,
  );
  return [...own, ...relayed].some(([hidden, locked]) => hidden === commitment && locked === sealed_);
}

export function keepStaked(ledger: OpinionLedger, log: OpinionLogOf<"Staked">, note: Note): void {
  const { market, owner, band, opinion } = log.args;
  const book = bookOf(ledger, market);
  if (book.opinions.has(key(owner))) return note.differ(`${owner} staked twice`);
  if (book.ending !== "none") note.differ(`${owner} staked after the market had ended`);
  const staked: ProvenOpinion = {
    owner: key(owner),
    band: null,
    start: null,
    amount: amount(BigInt(log.args.amount)),
    opinion,
    at: log.at,
    toldAt: null,
    isPaid: false,
    isShared: false,
    paid: 0n as Amount,
  };
  if (band === HIDDEN_BAND) {
    book.hidden = amount(book.hidden + staked.amount);
    if (book.commitments.has(key(owner))) note.tell(`${owner} staked ${staked.amount}, stance hidden`);
    else note.differ(`${owner} staked with a stance that nothing commits him to`);
  } else if (band >= BANDS) return note.differ(`there is no band ${band}`);
  else {
    seat(book, staked, band, log.at);
    note.tell(`${owner} staked ${staked.amount} on stance ${stanceOf(band)}, ${unitsOf(staked)}`);
  }
  book.opinions.set(key(owner), staked);
  if (book.terms) checkStake(book.terms, staked, note);
  return undefined;
}

const unitsOf = ({ start, amount: staked }: ProvenOpinion): string =>
  `units ${start ?? 0n} to ${(start ?? 0n) + staked - 1n} of its band`;

/** Told only where it differs: that he staked is told already. */
function checkStake(
  terms: OpinionTerms,
  { owner, at: when, amount: staked, toldAt }: ProvenOpinion,
  note: Note,
): void {
  if (when >= terms.closesAt) note.differ(`${owner} staked at ${when}, closed at ${terms.closesAt}`);
  const most = mostAt(terms, when);
  if (staked < terms.leastStake || staked > most)
    note.differ(`${owner} staked ${staked}, allowed were ${terms.leastStake} to ${most}`);
  if (isHidden(terms) !== (toldAt === null))
    note.differ(
      `${owner} staked with ${toldAt === null ? "a hidden" : "an open"} stance, which this market does not take`,
    );
}

export function keepRevealed(ledger: OpinionLedger, log: OpinionLogOf<"Revealed">, note: Note): void {
  const { market, owner, band } = log.args;
  const book = bookOf(ledger, market);
  const opinion = book.opinions.get(key(owner));
  if (!opinion || opinion.band !== null || band >= BANDS)
    return note.differ(`${owner} had no hidden stance that could be ${band}`);
  checkTold(book, log, note);
  const commitment = book.commitments.get(key(owner));
  const opens = callsIn(log.input, opinionsAbi, "reveal").some(
    ([, , who, said, salt]) =>
      key(who) === key(owner) && said === band && stanceCommitment(market, owner, band, salt) === commitment,
  );
  seat(book, opinion, band, log.at);
  if (opens) note.tell(`${owner} had hidden stance ${stanceOf(band)}, ${unitsOf(opinion)}`);
  else note.differ(`nothing with the logs opens the commitment of ${owner} as stance ${stanceOf(band)}`);
  return undefined;
}

function checkTold({ terms }: ProvenOpinions, { at: now }: { at: number }, note: Note): void {
  if (!terms) return;
  const until = terms.closesAt + terms.revealSeconds;
  if (now < terms.closesAt || now >= until)
    note.differ(`a stance was told at ${now}, allowed were ${terms.closesAt} to ${until - 1}`);
}

/** The market's opinions that count, as they stood at `moment`, by owner. */
export const heldAt = (book: ProvenOpinions, moment: number): ProvenOpinion[] =>
  [...book.opinions.values()]
    .filter(({ toldAt }) => toldAt !== null && toldAt <= moment)
    .toSorted((a, b) => (a.owner < b.owner ? -1 : 1));
