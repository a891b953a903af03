import type { Address, Hex } from "@sooth/kernel";
import type { ReadPosition } from "@sooth/oracle";
import { type Executor, one, rows, sql } from "@sooth/store";
import { opinionTexts } from "../../content/store.ts";

export type StoredRelabelling = {
  askedBy: Address;
  askedAt: number;
  /** Whether somebody has it: one that died leaves it once its time is over. */
  running: boolean;
  askedOf: string;
  opinions: number;
  noText: number;
  sheet: string | null;
  code: string | null;
  why: string | null;
};

export const relabellingOf = (db: Executor, market: Hex): Promise<StoredRelabelling | undefined> =>
  one(
    db,
    sql<StoredRelabelling>`select asked_by as "askedBy", asked_at as "askedAt",
        taken_until is not null and taken_until > now() as running, asked_of as "askedOf", opinions, no_text as "noText",
        sheet, code, why
      from markets.relabellings where market = ${market}`,
  );

/** `askedAt`: by the chain's clock, as signatures are. */
export type Asked = {
  market: Hex;
  askedBy: Address;
  askedAt: number;
  askedOf: string;
  opinions: number;
  noText: number;
};

/** False where somebody has it: one at a time a market, whichever server was asked. */
export async function takeRelabelling(db: Executor, asked: Asked, seconds: number): Promise<boolean> {
  const { market, askedBy, askedAt, askedOf, opinions, noText } = asked;
  const taken = await one(
    db,
    sql`insert into markets.relabellings (market, asked_by, asked_at, asked_of, opinions, no_text, taken_until)
      values (${market}, ${askedBy}, ${askedAt}, ${askedOf}, ${opinions}, ${noText}, now() + make_interval(secs => ${seconds}))
      on conflict (market) do update set asked_by = excluded.asked_by, asked_at = excluded.asked_at, asked_of = excluded.asked_of,
          opinions = excluded.opinions, no_text = excluded.no_text, taken_until = excluded.taken_until,
          sheet = null, code = null, why = null
        where markets.relabellings.taken_until is null or markets.relabellings.taken_until <= now()
      returning 1`,
  );
  return taken !== undefined;
}

export type Ended = { sheet: string } | { code: string; why: string };

export async function endRelabelling(db: Executor, { market, askedOf }: Asked, ended: Ended): Promise<void> {
  const [sheet, code, why] = "sheet" in ended ? [ended.sheet, null, null] : [null, ended.code, ended.why];
  await sql`update markets.relabellings set taken_until = null, sheet = ${sheet}, code = ${code}, why = ${why}
    where market = ${market} and asked_of = ${askedOf}`.execute(db);
}

/** Opinions whose stance is told, by owner as sheets have them, with the texts that are kept here. At the most `most`, and one more. */
export async function positionsOf(db: Executor, market: Hex, most: number): Promise<ReadPosition[]> {
  const found = await rows<{ owner: Address; band: number; amount: bigint; opinion: Hex }>(
    db,
    sql`select owner, band, amount, opinion from markets.opinions
      where market = ${market} and band is not null order by owner limit ${most + 1}`,
  );
  if (found.length > most) return found.map(({ amount, ...one }) => ({ ...one, staked: amount, text: null }));
  const texts = await opinionTexts(
    db,
    found.map(({ opinion }) => opinion),
  );
  return found.map(({ owner, band, amount, opinion }) => ({
    owner,
    band,
    staked: amount,
    opinion,
    text: texts.get(opinion.toLowerCase()) ?? null,
  }));
}
