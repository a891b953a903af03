import { oracleAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { alert, counter } from "@sooth/runtime";
import { createWalletClient, custom, getAbiItem, type LocalAccount, zeroHash } from "viem";
import { longestWindow, type OracleDomain, type RootReport, rootTypedData } from "../../core/index.ts";
import { commitLimits } from "../contract.ts";
import { periodRules } from "../reputation/period-rules.ts";
import { PeriodLedger, type PeriodQuestion } from "./period-ledger.ts";
import type { Reporter } from "./report-question.ts";

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

  const own = new Map<Hex, Hex>();
  const rootOf = async ({ id, domain, number }: PeriodQuestion): Promise<Hex | undefined> => {
    const root = own.get(id) ?? (await ledger?.period(domain, number))?.root;
    if (root !== undefined) own.set(id, root);
    return root;
  };

  /** Signs once for a round and epoch: what is in the journal is handed over again, never another. */
  const handOver = async (question: PeriodQuestion): Promise<void> => {
    const [word, signers] = await Promise.all([view.wordOf(question.id), view.signers(question.domain)]);
    if (word.state !== "open" || view.now < word.notBefore || view.now > word.deadline) return;
    const key = `${word.round}:${signers.epoch}`;
    const isSeated = signers.seats.some(({ signer }) => signer === account.address.toLowerCase());
    if (!isSeated || done.get(question.id) === key) return;
    const root = await rootOf(question);
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
    const root = await rootOf(question);
    told.add(question.id);
    if (root === undefined || root === answered.root) return;
    roots.inc({ outcome: "foreign" });
    log.error(
      { question: question.id, period: question.number, root: answered.root, ours: root },
      "a quorum gave another root of a period than the logs do",
    );
    if (challenger && BigInt(root) !== 0n) await object(reporter, challenger, question.id, answered, root);
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

type RootAnswer = { root: Hex; facts: bigint };
const ANSWERED_ROOT = getAbiItem({ abi: oracleAbi, name: "AnsweredRoot" });

async function answeredRoot(
  { hub, addresses }: Reporter,
  question: Hex,
  fromBlock: number,
): Promise<RootAnswer | undefined> {
  const logs = await hub.client.getLogs({
    address: addresses.oracle,
    event: ANSWERED_ROOT,
    args: { question },
    fromBlock: BigInt(fromBlock),
    strict: true,
  });
  return logs.at(-1)?.args.answer;
}

/** Objects in the name of `challenger`. What it is refused for is told; another provider may be quicker. */
async function object(
  { hub, addresses, log }: Reporter,
  challenger: LocalAccount,
  question: Hex,
  answer: RootAnswer,
  root: Hex,
): Promise<void> {
  const wallet = createWalletClient({
    account: challenger,
    chain: hub.definition.viem,
    transport: custom({ request: hub.client.request }),
  });
  const call = {
    address: addresses.oracle,
    abi: oracleAbi,
    functionName: "disputeRoot",
    args: [question, answer, 0n, root, zeroHash],
  } as const;
  try {
    await hub.client.simulateContract({ ...call, account: challenger });
    const hash = await wallet.writeContract(call);
    log.warn({ question, hash, root }, "objected to the root of a period");
  } catch (error) {
    log.error({ err: error, question }, "the objection to a root was refused");
  }
}
