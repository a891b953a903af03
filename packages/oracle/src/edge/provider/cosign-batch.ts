import { counter } from "@sooth/runtime";
import { batchTypedData, chooseBatch } from "../../core/index.ts";
import type { KnownQuestion } from "./chain-view.ts";
import { toEach } from "./collectors.ts";
import type { KeptCosigned } from "./journal.ts";
import { domainText } from "./receipt.ts";
import type { Reporter } from "./report-question.ts";
import { type CheckedBatch, domainOf, type OwnPhase, signableBatches } from "./shown-batches.ts";

const cosigned = counter("oracle_provider_batches_total", "Batches of commitments that this node signed", []);

/**
 * Signs one batch of this phase, of those that the collectors show, and hands the signature to each. What was signed is in
 * the journal before it leaves, so that a node that is started again signs the same and no other.
 * @returns whether every collector has what it will take
 */
export async function cosignBatch(
  reporter: Reporter,
  question: KnownQuestion,
  own: OwnPhase & { seconds: number; deadline: number },
): Promise<boolean> {
  const { epoch, round, phase } = own;
  const signed =
    reporter.journal.cosignedIn(question.id, round, epoch, phase) ?? (await signOne(reporter, question, own));
  if (!signed) return false;
  const of = { question: question.id, phase, what: signed.signature };
  return (await toEach(reporter, of, (collector) => collector.cosign(signed))) === 0;
}

async function signOne(
  reporter: Reporter,
  question: KnownQuestion,
  own: OwnPhase & { seconds: number; deadline: number },
): Promise<KeptCosigned | null> {
  const { account, journal, view, log } = reporter;
  const { epoch, round, phase, seconds, deadline } = own;
  const { id, terms } = question;
  const shown = await shownByEach(reporter, question, own);
  const { seats } = await view.signers(terms.domain);
  const chosen = chooseBatch(shown, { seats: seats.length, phase, seconds, now: view.now });
  if (chosen === null) return null;
  // Another attempt may have signed while this one asked: of two at once the second must not.
  const first = journal.cosignedIn(id, round, epoch, phase);
  if (first) return first;
  const domain = domainOf(reporter);
  const batch = { question: id, epoch, round, phase, chained: chosen.chained };
  const signature = await account.signTypedData(batchTypedData(domain, batch));
  // With what is in it: a collector that shows another one takes it from here, and can open it as well.
  const signed = { ...batch, signature, commitments: chosen.commitments };
  await journal.writeCosigned({
    signer: account.address,
    domain: domainText(domain),
    deadline,
    cosigned: signed,
  });
  cosigned.inc();
  log.info(batch, "co-signed a batch of commitments");
  return signed;
}

/** What each collector that answers shows of the phase. */
async function shownByEach(
  reporter: Reporter,
  question: KnownQuestion,
  own: OwnPhase,
): Promise<CheckedBatch[][]> {
  const shown = await Promise.all(
    reporter.collectors.map(async (collector) => {
      try {
        return [await signableBatches(reporter, question, own, collector)];
      } catch (error) {
        reporter.log.warn(
          { err: error, question: question.id, collector: collector.url },
          "a collector is away",
        );
        return [];
      }
    }),
  );
  return shown.flat();
}
