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

type Answer = { value: bigint; confidence: number; finalAt: number };

/** From closing to the last pay-out; nobody but the server does anything. Returns when the last answer was final. */
export async function settleAll(
  cast: OpinionCast,
  { opened, closesAt }: { opened: readonly OpenedOpinions[]; closesAt: number },
): Promise<number> {
  await cast.hub.warpTo(closesAt + A_MOMENT);
  await cast.say("all markets are closed; providers read the opinions and label each by itself");
  const answers = await awaitAnswers(cast, opened);
  const last = Math.max(...[...answers.values()].map(({ finalAt }) => finalAt));
  await cast.hub.warpTo(last);
  await cast.say("all answers are final, by time alone");
  await awaitPayments(cast, opened, answers);
  return last;
}

async function awaitAnswers(cast: OpinionCast, opened: readonly OpenedOpinions[]): Promise<Map<Hex, Answer>> {
  const { hub, addresses, patience } = cast;
  const answers = new Map<Hex, Answer>();
  const look = async ({ key, question }: OpenedOpinions) => {
    const [status, value, finalAt, confidence] = await hub.client.readContract({
      address: addresses.oracle,
      abi: oracleAbi,
      functionName: "get",
      args: [question],
    });
    if (status !== ANSWERED && status !== FINAL) return;
    answers.set(question, { value, confidence, finalAt });
    await cast.say(`${key}: answered ${Number(value) / 100} of 100, confidence ${confidence / 100} %`);
    cast.checkpoint();
  };
  await waitFor(
    "the answers",
    async () => {
      const missing = opened.filter(({ question }) => !answers.has(question));
      await inLanes(missing, AT_ONCE, look);
      return missing.every(({ question }) => answers.has(question)) || undefined;
    },
    {
      seconds: patience,
      saw: () => `${answers.size} of ${opened.length} questions are answered`,
      everyMs: LOOK_MS,
    },
  );
  return answers;
}

async function awaitPayments(
  cast: OpinionCast,
  opened: readonly OpenedOpinions[],
  answers: ReadonlyMap<Hex, Answer>,
): Promise<void> {
  const told = new Set<string>();
  const once = async (name: string, text: string) => {
    if (told.has(name)) return;
    told.add(name);
    await cast.say(text);
    cast.checkpoint();
  };
  let last: readonly Reckoned[] = [];
  const read = opinionReader(cast);
  let seen = -1;
  await waitFor(
    "the last pay-out",
    async () => {
      const [logs, seeds] = await Promise.all([read(), seedsOf(cast)]);
      // Of hundreds of markets it takes seconds, in the process that the beacon's relay lives in too.
      if (logs.length + seeds.size === seen) return undefined;
      seen = logs.length + seeds.size;
      last = reckonMarkets(logs, {
        answerOf: (question) => answers.get(question) ?? null,
        seedOf: (round) => seeds.get(round) ?? null,
      });
      for (const { key, market } of opened) {
        const found = last.find((one) => one.market === market);
        if (!found) return undefined;
        if (found.ending !== "none") await once(`${key} ended`, `${key}: ${endingOf(found)}`);
        if (found.left.length === 0)
          await once(`${key} paid`, `${key}: ${found.positions.length} opinions, ${prizesOf(found)}`);
      }
      return last.every(({ left }) => left.length === 0) || undefined;
    },
    {
      seconds: cast.patience,
      saw: () => {
        const open = last.filter(({ left }) => left.length > 0);
        return `${open.length} of ${opened.length} markets owe something, such as: ${open[0]?.left[0]}`;
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
