import type { Hex } from "@sooth/kernel";
import { abstentionTypedData, MAX_ABSTENTION } from "../../core/index.ts";
import type { ApiClient } from "./api-client.ts";
import type { KnownQuestion } from "./chain-view.ts";
import type { Reporter } from "./report-question.ts";

/** What each node told last of each question: the same again is not worth a signature. */
const toldBy = new WeakMap<ApiClient, Map<Hex, string>>();
/** Questions that are remembered; forgetting one costs a repetition. */
const REMEMBERED = 2_000;

/**
 * Tells the API, signed, that this provider looked and cannot tell, and why. Nothing rests on it, so a telling that fails
 * costs nothing but that people see silence instead. False when it may be told in a moment.
 */
export async function tellAbstention(
  {
    api,
    account,
    view,
    hub,
    addresses,
    log,
  }: Pick<Reporter, "api" | "account" | "view" | "hub" | "addresses" | "log">,
  of: { question: Hex; round: number; epoch: number },
  why: string,
): Promise<boolean> {
  const told = toldBy.get(api) ?? new Map<Hex, string>();
  toldBy.set(api, told);
  const reason = why.slice(0, MAX_ABSTENTION).toWellFormed();
  const name = `${of.round}:${of.epoch}:${reason}`;
  if (told.get(of.question) === name) return true;
  if (told.size >= REMEMBERED) told.clear();
  const abstention = { ...of, at: view.now, reason };
  const typed = abstentionTypedData({ chainId: hub.definition.id, oracle: addresses.oracle }, abstention);
  try {
    const signature = await account.signTypedData(typed);
    const handed = await api.abstain({ ...abstention, signature });
    if (handed.outcome !== "later") told.set(of.question, name);
    if (handed.outcome === "never")
      log.info({ question: of.question, code: handed.code }, "an abstention was refused");
    return handed.outcome !== "later";
  } catch (error) {
    log.info({ err: error, question: of.question }, "an abstention was not told");
    return false;
  }
}

/** The same of a question whose sources this node is not set up to read, if it has a seat and the question is open. */
export async function tellUnreadable(reporter: Reporter, { id, terms }: KnownQuestion): Promise<boolean> {
  const [word, signers] = await Promise.all([reporter.view.wordOf(id), reporter.view.signers(terms.domain)]);
  const isSeated = signers.seats.some(({ signer }) => signer === reporter.account.address.toLowerCase());
  if (word.state !== "open" || !isSeated) return true;
  const of = { question: id, round: word.round, epoch: signers.epoch };
  return tellAbstention(reporter, of, "it is not set up to read enough of the sources");
}
