import type { Address, AppError } from "@sooth/kernel";
import { type Ledger, type MessagesClient, openLedger, openMessages } from "@sooth/oracle";
import { type Buckets, counter, localBuckets, type Logger, type Rate } from "@sooth/runtime";
import { type Executor, one, sql, type Store } from "@sooth/store";
import type { z } from "zod";
import {
  type Advice,
  ADVICE_FORMAT,
  adviceName,
  advicePrompt,
  OpinionsError,
  readAdvice,
  type wireAdvice,
} from "../../core/index.ts";
import { takeByAddress } from "../by-address.ts";
import type { MarketsConfig } from "../config.ts";

const given = counter(
  "markets_advice_total",
  "Advice on statements that was asked for, by what became of it",
  ["outcome"],
);

const MAX_TOKENS = 2_048;
/** Somebody waits for it. */
const PATIENCE_MS = 25_000;
const TRY_MS = 15_000;
/** Calls of one wallet in an hour. */
const PER_WALLET = 20;
/** Of one address, signed in or not: wallets cost nothing. */
const PER_ADDRESS: Rate = { perSecond: PER_WALLET / 3_600, burst: PER_WALLET };

export type Adviser = {
  client: MessagesClient;
  model: string;
  ledger: Ledger;
  perDay: number;
  patienceMs: number;
  /** What each address may have yet, of this process. */
  buckets: Buckets;
};

const opened = new WeakMap<MarketsConfig, Promise<Adviser>>();

/** Not where the operator named no key, or wants none of it. */
export const givesAdvice = (config: MarketsConfig): boolean =>
  config.MARKETS_DIGEST_KEY !== undefined && config.MARKETS_ADVICE_PER_DAY > 0;

/** Who gives advice; undefined where nobody does. */
export function adviserOf(config: MarketsConfig, log: Logger): Promise<Adviser> | undefined {
  const { MARKETS_DIGEST_KEY: apiKey } = config;
  if (apiKey === undefined || !givesAdvice(config)) return undefined;
  const known = opened.get(config) ?? openAdviser(config, apiKey, log);
  opened.set(config, known);
  return known;
}

async function openAdviser(config: MarketsConfig, apiKey: string, log: Logger): Promise<Adviser> {
  const [client, ledger] = await Promise.all([
    openMessages({
      who: "the model",
      cap: "in a day",
      apiKey,
      baseUrl: config.MARKETS_DIGEST_URL,
      model: config.MARKETS_DIGEST_MODEL,
      // What a call can take is bounded, so calls are counted instead of money: see MARKETS_ADVICE_PER_DAY.
      prices: { input: 0n, output: 0n },
      timeoutMs: TRY_MS,
      retries: 1,
      log,
    }),
    openLedger({ file: undefined, capPerDay: 1n, now: () => 0 }),
  ]);
  const { MARKETS_DIGEST_MODEL: model, MARKETS_ADVICE_PER_DAY: perDay } = config;
  return { client, ledger, model, perDay, patienceMs: PATIENCE_MS, buckets: localBuckets() };
}

type Given = z.infer<typeof wireAdvice>;

/**
 * How a statement could be misread, by a language model. A call is counted before it is made, also when it fails; what was said of
 * the same statement is said again for a day. @throws opinions.advice_spent, opinions.advice_away
 */
export async function advise(
  { db, transaction }: Pick<Store, "db" | "transaction">,
  { client, model, ledger, perDay, patienceMs, buckets }: Adviser,
  { statement, who, ip }: { statement: string; who: Address | null; ip: string },
  stopped: AbortSignal,
): Promise<Given> {
  const asked = adviceName(statement);
  const known = await one<{ said: Advice }>(
    db,
    sql`select said from markets.advice
      where asked = ${asked} and said is not null and at > now() - interval '1 day' limit 1`,
  );
  if (known) return { ...known.said, model };
  const wait = await takeByAddress(buckets, { what: "advice", ip, cost: 1, rate: PER_ADDRESS });
  if (wait !== null) throw spent(who);
  const id = await reserve({ transaction }, { asked, who, perDay });
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(patienceMs)]);
  const form = { format: ADVICE_FORMAT, maxTokens: MAX_TOKENS, effort: "low", remembersRules: true } as const;
  const testimony = await client.ask(advicePrompt(statement), form, ledger, signal);
  const advice =
    testimony.said && testimony.stop === "end_turn" ? readAdvice(testimony.text, statement) : null;
  if (advice === null) {
    given.inc({ outcome: "failed" });
    throw OpinionsError.advice_away({ why: testimony.said ? "it did not keep to the form" : testimony.why });
  }
  await sql`update markets.advice set said = ${JSON.stringify(advice)}::jsonb where id = ${id}`.execute(db);
  given.inc({ outcome: "given" });
  return { ...advice, model };
}

function spent(who: Address | null): AppError {
  given.inc({ outcome: "spent" });
  return OpinionsError.advice_spent({ signedIn: who !== null });
}

/** What a model said holds words of the statement: it is kept as long as it is counted, a day, and whatever is asked since. */
export const forgetAdvice = async (db: Executor): Promise<void> => {
  await sql`delete from markets.advice where at < now() - interval '1 day'`.execute(db);
};

/**
 * The day's ledger: one row a call, written before it. Who is not signed in has half of a day's calls at the most, so that whoever
 * changes his address takes them from none who is. @throws opinions.advice_spent
 */
function reserve(
  { transaction }: Pick<Store, "transaction">,
  { asked, who, perDay }: { asked: string; who: Address | null; perDay: number },
): Promise<string> {
  return transaction(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('markets.advice', 0))`.execute(tx);
    const used = await one<{ day: number; strangers: number; his: number }>(
      tx,
      sql`select count(*)::int as day, (count(*) filter (where who is null))::int as strangers,
          (count(*) filter (where who = ${who} and at > now() - interval '1 hour'))::int as his
        from markets.advice where at > now() - interval '1 day'`,
    );
    const { day = 0, strangers = 0, his = 0 } = used ?? {};
    if (day >= perDay || (who === null && strangers >= Math.ceil(perDay / 2)) || his >= PER_WALLET)
      throw spent(who);
    const row = await one<{ id: string }>(
      tx,
      sql`insert into markets.advice (asked, who) values (${asked}, ${who}) returning id::text as id`,
    );
    if (!row) throw new Error("a row that was written is told");
    return row.id;
  });
}
