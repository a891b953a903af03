import { oracleAbi } from "@sooth/abi";
import { inRanges, walletOf } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { alert, counter } from "@sooth/runtime";
import { getAbiItem, type LocalAccount } from "viem";
import {
  longestWindow,
  type OracleDomain,
  rootReason,
  type RootReport,
  rootTypedData,
} from "../../core/index.ts";
import { commitLimits } from "../contract.ts";
import { periodRules } from "../reputation/period-rules.ts";
import { PeriodLedger, type PeriodQuestion } from "./period-ledger.ts";
import type { Reporter } from "./report-question.ts";
import { sayWhy } from "./say-why.ts";

const roots = counter("oracle_provider_roots_total", "Roots of periods that this provider worked out", [
  "outcome",
]);
alert({
  id: "oracle.foreign_root",
  severity: "page",
  forSeconds: 0,
  when: `increase(${roots.metric}{outcome="foreign"}[1h]) > 0`,
  runbook: "docs/runbooks/oracle.md#a-period-has-another-root",
});

/** What a provider does about reputation: signs the roots that he finds himself, and objects to others. */
export type PeriodDuty = { run(): Promise<void> };

/**
 * @param challenger pays the deposit of a dispute over a foreign root out of his credit with the oracle; without him
 *        it is told of and nothing else
 */
export function periodDuty(reporter: Reporter, fromBlock: number, challenger?: LocalAccount): PeriodDuty {
  const { hub, addresses, account, view, journal, api, log } = reporter;
  const domain: OracleDomain = { chainId: hub.definition.id, oracle: addresses.oracle };
  const done = new Map<Hex, string>();
  const told = new Set<Hex>();
  let ledger: PeriodLedger | undefined;

  const own = new Map<Hex, OwnRoot>();
  const rootOf = async ({ id, domain, number }: PeriodQuestion): Promise<OwnRoot | undefined> => {
    const known = own.get(id);
    if (known || !ledger?.last) return known;
    const { last } = ledger;
    const { root, records, until } = await ledger.period(domain, number);
    const found = {
      root,
      providers: records.length,
      until,
      head: { number: Number(last.number), hash: last.hash },
    };
    own.set(id, found);
    return found;
  };

  /** Signs once for a round and epoch: what is in the journal is handed over again, never another. */
  const handOver = async (question: PeriodQuestion): Promise<void> => {
    const [word, signers] = await Promise.all([view.wordOf(question.id), view.signers(question.domain)]);
    if (word.state !== "open" || view.now < word.notBefore || view.now > word.deadline) return;
    const key = `${word.round}:${signers.epoch}`;
    const isSeated = signers.seats.some(({ signer }) => signer === account.address.toLowerCase());
    if (!isSeated || done.get(question.id) === key) return;
    const root = (await rootOf(question))?.root;
    if (root === undefined || BigInt(root) === 0n) return;
    const report: RootReport = { question: question.id, root, epoch: signers.epoch, round: word.round };
    const before = journal.rootFor(report.question, report.round, report.epoch);
    if (before !== undefined && before.root !== root) {
      done.set(question.id, key);
      log.error({ ...report, signed: before.root }, "the root of a period is another now; nothing is signed");
      return;
    }
    const signature = before?.signature ?? (await account.signTypedData(rootTypedData(domain, report)));
    if (before === undefined)
      await journal.writeRoot({
        signer: account.address,
        domain: `${domain.chainId}:${domain.oracle.toLowerCase()}`,
        deadline: question.terms.deadline,
        rootReport: { ...report, signature },
      });
    const handed = await api.handOverRoot({ ...report, signature });
    roots.inc({ outcome: handed.outcome });
    if (handed.outcome === "later") return;
    done.set(question.id, key);
    if (handed.outcome === "never")
      log.error({ ...report, code: handed.code }, `root refused: ${handed.message}`);
    else log.info({ ...report, period: question.number }, "root of a period handed over");
  };

  /** Looks at what others made final, or are about to. */
  const compare = async (question: PeriodQuestion): Promise<void> => {
    if (told.has(question.id)) return;
    const answered = await answeredRoot(reporter, question.id, fromBlock);
    if (!answered) return;
    const ours = await rootOf(question);
    told.add(question.id);
    if (ours === undefined || ours.root === answered.root) return;
    const { root } = ours;
    roots.inc({ outcome: "foreign" });
    log.error(
      { question: question.id, period: question.number, root: answered.root, ours: root },
      "a quorum gave another root of a period than the logs do",
    );
    if (challenger && BigInt(root) !== 0n) await object(reporter, challenger, question, { answered, ours });
  };

  return {
    run: async () => {
      ledger ??= new PeriodLedger(
        hub,
        addresses,
        { ...(await periodRules(hub, addresses)), commitTier: (await commitLimits(hub, addresses)).tier },
        fromBlock,
      );
      await ledger.refresh();
      for (const question of ledger.asked()) {
        if (question.terms.opensAt > view.now) continue;
        if (question.terms.deadline >= view.now) await handOver(question);
        const { deadline, liveness } = question.terms;
        if (deadline + longestWindow(liveness) >= view.now) await compare(question);
      }
    },
  };
}

/** What this node worked out itself, and of which logs. */
type OwnRoot = { root: Hex; providers: number; until: number; head: { number: number; hash: Hex } };
type RootAnswer = { root: Hex; facts: bigint };
const ANSWERED_ROOT = getAbiItem({ abi: oracleAbi, name: "AnsweredRoot" });

async function answeredRoot(
  { hub, addresses }: Reporter,
  question: Hex,
  fromBlock: number,
): Promise<RootAnswer | undefined> {
  const to = Number(await hub.client.getBlockNumber({ cacheTime: 0 }));
  let answer: RootAnswer | undefined;
  await inRanges({ from: fromBlock, to, latestFirst: true }, async (range) => {
    const filter = {
      address: addresses.oracle,
      event: ANSWERED_ROOT,
      args: { question },
      strict: true,
    } as const;
    const logs = await hub.client.getLogs({ ...filter, ...range });
    answer = logs.at(-1)?.args.answer;
    return answer && "enough";
  });
  return answer;
}

/** Objects in the name of `challenger`, and says why. What it is refused for is told; another provider may be quicker. */
async function object(
  { hub, addresses, account, api, log }: Reporter,
  challenger: LocalAccount,
  { id, domain, number }: PeriodQuestion,
  { answered, ours }: { answered: RootAnswer; ours: OwnRoot },
): Promise<void> {
  const { root, providers, until, head } = ours;
  const text = rootReason({
    question: id,
    provider: account.address,
    domain,
    period: number,
    until,
    ours: { root, providers },
    theirs: answered.root,
    head,
  });
  const send = async (reason: Hex): Promise<Hex> => {
    const call = {
      address: addresses.oracle,
      abi: oracleAbi,
      functionName: "disputeRoot",
      args: [id, answered, 0n, root, reason],
    } as const;
    await hub.client.simulateContract({ ...call, account: challenger });
    return walletOf(hub, challenger).writeContract(call);
  };
  try {
    const hash = await sayWhy(api, text, send, log);
    log.warn({ question: id, hash, root }, "objected to the root of a period");
  } catch (error) {
    log.error({ err: error, question: id }, "the objection to a root was refused");
  }
}
