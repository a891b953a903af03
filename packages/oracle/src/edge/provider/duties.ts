import { courtAbi } from "@sooth/abi";
import { type Hex, need } from "@sooth/kernel";
import { type CourtWindows, isRootDispute } from "../../core/index.ts";
import type { KnownQuestion } from "./chain-view.ts";
import { collectorClient } from "./collector-client.ts";
import { DisputeView, type KnownJury } from "./dispute-view.ts";
import { type JurorDuty, jurorStep } from "./juror.ts";
import type { Reporter } from "./report-question.ts";
import type { ProviderOptions } from "./run-provider.ts";
import { chooseNext, newProgress, type Progress } from "./schedule.ts";
import { openVoteJournal } from "./vote-journal.ts";

/** Questions looked at anew at once. */
const AT_ONCE = 4;

type Attempt = (reporter: Reporter, question: KnownQuestion, known: Progress) => Promise<void>;

/** What a provider owes when somebody objects: to look again, and to sit on juries that it is drawn for. */
export function openDuties(options: ProviderOptions) {
  const { hub, addresses, account, signal, log } = options;
  const view = new DisputeView(hub, addresses, options.fromBlock);
  const anew = new Map<Hex, Progress>();
  const sitting = new Map<Hex, Promise<void>>();
  let duty: JurorDuty | undefined;

  const open = async (reporter: Reporter): Promise<JurorDuty> => ({
    hub,
    addresses,
    account,
    view,
    positions: reporter.positions,
    votes: await openVoteJournal(options.journalFile && `${options.journalFile}.votes`, account.address),
    collectors: (options.collectors ?? [options.apiUrl]).map((url) => collectorClient(url, signal)),
    sights: reporter.sights,
    reading: reporter.reading,
    windows: await courtWindows(options),
    handed: new Set(),
    silent: new Map(),
    log,
  });

  const sit = async (held: JurorDuty, jury: KnownJury, clock: number): Promise<void> => {
    try {
      await jurorStep(held, jury, clock);
    } catch (error) {
      if (!signal.aborted)
        log.warn({ err: error, jury: jury.id }, "a juror's step failed, it is tried again");
    } finally {
      sitting.delete(jury.id);
    }
  };

  return {
    view,
    /** Looks at what is new and starts what is due. @throws chain.rpc_unreachable */
    tick: async (reporter: Reporter, attempt: Attempt): Promise<void> => {
      await view.refresh();
      if (options.jurorOnly !== true) await lookAgain(reporter, anew, attempt);
      if (view.juries.size === 0) return;
      duty ??= await open(reporter);
      const clock = await view.clock();
      for (const jury of view.juries.values())
        if (!sitting.has(jury.id)) sitting.set(jury.id, sit(duty, jury, clock));
    },
    close: async (): Promise<void> => {
      await Promise.all(sitting.values());
      await duty?.votes.close();
    },
  };
}

async function courtWindows({ hub, addresses }: ProviderOptions): Promise<CourtWindows> {
  const court = { address: addresses.court, abi: courtAbi } as const;
  const [evidence, commit, reveal] = await Promise.all([
    hub.client.readContract({ ...court, functionName: "EVIDENCE_SECONDS" }),
    hub.client.readContract({ ...court, functionName: "COMMIT_SECONDS" }),
    hub.client.readContract({ ...court, functionName: "REVEAL_SECONDS" }),
  ]);
  return { evidence, commit, reveal };
}

/** Reports anew on every disputed question: where only juries decide, that a quorum stands by its answer still counts. */
async function lookAgain(reporter: Reporter, anew: Map<Hex, Progress>, attempt: Attempt): Promise<void> {
  const { disputes, view } = reporter;
  const open = [...disputes.disputes.values()].filter(({ dispute }) => !isRootDispute(dispute));
  for (const id of anew.keys()) if (!open.some(({ dispute }) => dispute.question === id)) anew.delete(id);
  if (open.length === 0) return;
  const found = await Promise.all(open.map(({ dispute }) => disputes.questionOf(dispute.question)));
  const questions = found.filter(
    (question) => question !== undefined && question.fault === null && question.schema.sources.length > 0,
  ) as KnownQuestion[];
  const domains = [...new Set(questions.map(({ terms }) => terms.domain))];
  const epochs = new Map(
    await Promise.all(domains.map(async (domain) => [domain, (await view.signers(domain)).epoch] as const)),
  );
  for (const question of questions)
    if (!anew.has(question.id)) anew.set(question.id, newProgress(question, reporter.reading));
  const machine = performance.now();
  const room = AT_ONCE - [...anew.values()].filter(({ busy }) => busy).length;
  for (const question of chooseNext(questions, anew, { epochs, chain: view.now, machine }, room)) {
    const known = need(anew.get(question.id), "a question's progress");
    Object.assign(known, { busy: true, triedAt: machine });
    void attempt(reporter, question, known).finally(() => {
      known.busy = false;
    });
  }
}
