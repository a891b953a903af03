import type { Hex } from "@sooth/kernel";
import { type Executor, sql } from "@sooth/store";
import { type Fact, factText } from "../../core/index.ts";

/** A fact that a quorum signed. */
export type Attestation = { fact: string; content: string; epoch: number; signers: Hex[]; at: number };

const partsOf = (fact: Fact): { kind: string; subject: string; content: string } => {
  const { subject, content } = factText(fact);
  return { kind: fact.kind, subject: subject.slice(fact.kind.length + 1), content };
};

/** Notes who signed these facts. The same again, by others of the epoch, adds them. */
export async function keepAttestations(
  db: Executor,
  facts: readonly Fact[],
  o: { epoch: number; signers: readonly Hex[]; at: number },
): Promise<void> {
  const parts = [...new Map(facts.map((fact) => [factText(fact).subject, partsOf(fact)])).values()];
  const signers = o.signers.map((each) => each.toLowerCase());
  await sql`insert into bundles.attestations as a (kind, subject, content, epoch, signers, at)
    select kind, subject, content, ${o.epoch}, ${signers}::text[], ${o.at}
    from unnest(${parts.map(({ kind }) => kind)}::text[], ${parts.map(({ subject }) => subject)}::text[],
      ${parts.map(({ content }) => content)}::text[]) as said (kind, subject, content)
    on conflict (kind, subject, epoch) do update
      set signers = (select array_agg(distinct each order by each) from unnest(a.signers || excluded.signers) as each)
      where a.content = excluded.content`.execute(db);
}

/** What was signed of a bundle, by the subjects that its facts have; `base`: null before it is open. */
export async function attestationsOf(
  db: Executor,
  { id, base, legs }: { id: string; base: bigint | null; legs: number },
): Promise<Attestation[]> {
  const ordinals =
    base === null ? [] : Array.from({ length: legs }, (_, place) => String(base + BigInt(place)));
  const { rows } = await sql<Attestation & { kind: string; subject: string }>`
    select kind, subject, content, epoch, signers, at from bundles.attestations
    where (kind in ('prepared', 'decision') and subject = ${id})
      or (kind in ('opened', 'receipt') and subject = any(${ordinals}::text[]))
    order by at, kind, subject`.execute(db);
  return rows.map(({ kind, subject, ...row }) => ({ ...row, fact: `${kind} ${subject}` }));
}
