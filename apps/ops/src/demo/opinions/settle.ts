import { oracleAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { waitFor } from "../../waiting.ts";
import { inLanes, type OpenedOpinions, type OpinionCast } from "./cast.ts";
import { opinionReader, seedsOf } from "./read-logs.ts";
import { type Reckoned, reckonMarkets } from "./reckon.ts";

/** Of IOracle's Status. */
const ANSWERED = 2;
const FINAL = 4;
/** A block's time is never exactly the wanted one; this much later is surely past it. */
const A_MOMENT = 2;
const LOOK_MS = 400;
const AT_ONCE = 8;
/** From closing to the answer, and from finality to the last pay-out, it takes some blocks of a second: a kill hits the middle. */
const LATEST_MS = 2_000;

type Answer = { value: bigint; confidence: number; finalAt: number };
type Answers = Map<Hex, Answer>;

/**
 * From closing to the last pay-out; nobody but the server does anything. Markets that close together are settled together, and the
 * next ones close when those before are paid. Returns when the last answer was final.
 */
export async function settleAll(cast: OpinionCast, opened: readonly OpenedOpinions[]): Promise<number> {
  const answers: Answers = new Map();
  const finals: number[] = [];
  const look = paymentsOf(cast, answers);
  for (const [closesAt, together] of Map.groupBy(opened, (one) => one.closesAt)) {
    const which = together.length === opened.length ? "all markets are" : `${keysOf(together)} is`;
    await cast.hub.warpTo(closesAt + A_MOMENT);
    await cast.say(`${which} closed; providers read the opinions and label each by itself`);
    const isAnswered = async () => (await missingOf(cast, together, new Map())).length === 0;
    const labelling = { latestMs: LATEST_MS, isOver: isAnswered };
    await Promise.all([cast.hit(labelling), awaitAnswers(cast, together, answers)]);
    const final = Math.max(...together.map(({ question }) => answers.get(question)?.finalAt ?? 0));
    finals.push(final);
    await cast.hub.warpTo(final);
    await cast.say("what was answered is final, by time alone");
    const isPaid = async () => owing(await look(), together).length === 0;
    const paying = { latestMs: LATEST_MS, isOver: isPaid };
    await Promise.all([cast.hit(paying), awaitPayments(cast, together, look)]);
  }
  return Math.max(...finals);
}

const keysOf = (markets: readonly OpenedOpinions[]): string => markets.map(({ key }) => key).join(", ");

/** Writes down what is answered, and returns what is not. */
async function missingOf(
  { hub, addresses }: OpinionCast,
  markets: readonly OpenedOpinions[],
  answers: Answers,
): Promise<OpenedOpinions[]> {
  await inLanes(markets, AT_ONCE, async ({ question }) => {
    if (answers.has(question)) return;
    const [status, value, finalAt, confidence] = await hub.client.readContract({
      address: addresses.oracle,
      abi: oracleAbi,
      functionName: "get",
      args: [question],
    });
    if (status === ANSWERED || status === FINAL) answers.set(question, { value, confidence, finalAt });
  });
  return markets.filter(({ question }) => !answers.has(question));
}

async function awaitAnswers(
  cast: OpinionCast,
  markets: readonly OpenedOpinions[],
  answers: Answers,
): Promise<void> {
  let missing = markets;
  await waitFor(
    "the answers",
    async () => {
      const before = missing;
      missing = await missingOf(cast, markets, answers);
      for (const { key, question } of before) {
        const answer = answers.get(question);
        if (!answer) continue;
        const { value, confidence } = answer;
        await cast.say(`${key}: answered ${Number(value) / 100} of 100, confidence ${confidence / 100} %`);
      }
      return missing.length === 0 || undefined;
    },
    {
      seconds: cast.patience,
      saw: () => `${markets.length - missing.length} of ${markets.length} questions are answered`,
      everyMs: LOOK_MS,
    },
  );
}

/** Works out anew from the logs what is paid of all markets, where there is anything new. */
function paymentsOf(cast: OpinionCast, answers: Answers): () => Promise<readonly Reckoned[]> {
  const read = opinionReader(cast);
  let last: readonly Reckoned[] = [];
  let seen = -1;
  const look = async () => {
    const [logs, seeds] = await Promise.all([read(), seedsOf(cast)]);
    // Of hundreds of markets it takes seconds, in the process that the beacon's relay lives in too.
    if (logs.length + seeds.size === seen) return last;
    seen = logs.length + seeds.size;
    last = reckonMarkets(logs, {
      answerOf: (question) => answers.get(question) ?? null,
      seedOf: (round) => seeds.get(round) ?? null,
    });
    return last;
  };
  // One after the other: what was read is kept.
  let before: Promise<unknown> = Promise.resolve();
  return () => {
    const next = before.then(look);
    before = next.catch(() => {});
    return next;
  };
}

const owing = (found: readonly Reckoned[], markets: readonly OpenedOpinions[]): OpenedOpinions[] =>
  markets.filter(({ market }) => found.find((one) => one.market === market)?.left.length !== 0);

async function awaitPayments(
  cast: OpinionCast,
  markets: readonly OpenedOpinions[],
  look: () => Promise<readonly Reckoned[]>,
): Promise<void> {
  const told = new Set<string>();
  const once = async (name: string, text: string) => {
    if (told.has(name)) return;
    told.add(name);
    await cast.say(text);
  };
  let last: readonly Reckoned[] = [];
  await waitFor(
    "the last pay-out",
    async () => {
      last = await look();
      for (const { key, market } of markets) {
        const found = last.find((one) => one.market === market);
        if (!found) return undefined;
        if (found.ending !== "none") await once(`${key} ended`, `${key}: ${endingOf(found)}`);
        if (found.left.length === 0)
          await once(`${key} paid`, `${key}: ${found.positions.length} opinions, ${prizesOf(found)}`);
      }
      return owing(last, markets).length === 0 || undefined;
    },
    {
      seconds: cast.patience,
      saw: () => {
        const [first, ...more] = owing(last, markets);
        const left = last.find(({ market }) => market === first?.market)?.left[0];
        return `${more.length + 1} of ${markets.length} markets owe something, such as: ${left}`;
      },
      everyMs: LOOK_MS,
    },
  );
}

const endingOf = ({ ending, score, round }: Reckoned): string =>
  ending === "scored" ? `scored ${score}; round ${round} of the beacon draws its prizes` : "void";
const prizesOf = ({ prizes }: Reckoned): string =>
  prizes.length === 0
    ? "all paid"
    : `all paid; drawn: ${prizes.map(({ winner }) => winner?.slice(0, 8)).join(", ")}`;
