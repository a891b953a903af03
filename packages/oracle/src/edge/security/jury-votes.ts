import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { juryVerdict, seatVotes } from "../../core/index.ts";
import { juriesByIds, type StoredJury } from "../juries.ts";

/** A verdict, and what each juror voted, by owner; lower case. */
export type FedVerdict = { verdict: number; votes: { owner: Hex; choice: number }[] };

/**
 * What juries over these questions decided, by question, in the order in which they were opened. A question is final when all
 * of them have ended, so it does not matter who has closed which. Without a verdict nobody voted against one.
 */
export async function verdictsFor(
  tx: Executor,
  questions: readonly Hex[],
): Promise<Map<string, FedVerdict[]>> {
  const ids = await rows<{ id: Hex }>(
    tx,
    sql`select j.id from oracle.juries j join oracle.disputes d on d.id = j.dispute
      where d.question = any(${questions}::text[])`,
  );
  const juries = await juriesByIds(
    tx,
    ids.map(({ id }) => id),
  );
  const signers = [...new Set(juries.flatMap(({ jurors }) => jurors.map(({ signer }) => signer)))];
  const owners = new Map(
    (
      await rows<{ signer: Hex; owner: Hex }>(
        tx,
        sql`select signer, owner from oracle.signers where signer = any(${signers}::text[])`,
      )
    ).map(({ signer, owner }) => [signer, owner]),
  );
  const judged = juries.flatMap((jury) => {
    const verdict = verdictOf(jury, owners);
    return verdict === null ? [] : [{ question: jury.question ?? "", verdict }];
  });
  return new Map(
    [...Map.groupBy(judged, ({ question }) => question)].map(([question, all]) => [
      question,
      all.map(({ verdict }) => verdict),
    ]),
  );
}

function verdictOf(
  { jury, seats, votesWord, jurors }: StoredJury,
  owners: ReadonlyMap<Hex, Hex>,
): FedVerdict | null {
  const votes = seatVotes(votesWord, jury.size);
  const { choice } = juryVerdict(votes, "over");
  if (choice === 0 || seats === null) return null;
  // Of several seats a juror votes as one.
  const cast = new Map<Hex, number>();
  for (const [seat, juror] of seats.entries()) {
    const owner = owners.get(jurors[juror]?.signer ?? "0x");
    const vote = votes[seat];
    if (owner !== undefined && vote !== undefined && vote !== 0) cast.set(owner, vote);
  }
  return { verdict: choice, votes: [...cast].map(([owner, vote]) => ({ owner, choice: vote })) };
}
