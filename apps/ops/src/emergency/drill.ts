import { AppError, at, type Hex, need } from "@sooth/kernel";
import {
  page,
  wireDispute,
  wirePreparedDispute,
  wireQuestionDetail,
  wireSecurity,
  wireSecurityEvent,
} from "@sooth/oracle/core";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { waitFor } from "../waiting.ts";
import { type Desk, pauseStep, perform, rehearse, requireChain, requireGuardian } from "./act.ts";
import { askInDrill, colludeInDrill, type DrillStage, openDrillStage, passSealing } from "./drill-stage.ts";
import { recordFile } from "./record.ts";

/** A moment of the drill, in seconds by the chain's clock since the wrong answer was in a block. */
export type Moment = { seconds: number; what: string };
export type Drilled = { moments: Moment[]; wrong: string[]; file: string };

/** The questions open when they are asked, however long that took: the clock is set. */
const LEAD_SECONDS = 3_600;
/** Until it is over the guardian has paused, also on a machine that has other things to do. */
const LIVENESS = 180;
/** How often the pause is looked at before the clock is set to its end. */
const LOOKS_IN_PAUSE = 10;
/** Each less than the 2,000 that trip the breaker of a drill, together more. */
const SECURES = 1_500_000_000n;
const PATIENCE_SECONDS = 240;
/** Seconds. Source: Guard.sol. */
const MOST_PAUSE = 72 * 3_600;
const NO = 0n;
const YES = 1n;

/**
 * Plays the procedure of docs/runbooks/emergency.md on a network of its own, with the functions that the commands use.
 * What should have happened and did not is in `wrong`. @throws ops.not_in_time
 */
export async function runDrill(o: { pauseSeconds: number; onStep(text: string): void }): Promise<Drilled> {
  const stage = await openDrillStage(o.onStep);
  try {
    return await play(stage, o);
  } finally {
    await stage.stop();
  }
}

const until = <T>(what: string, look: () => Promise<T | undefined>) =>
  waitFor(what, look, { seconds: PATIENCE_SECONDS, everyMs: 300 });

async function play(
  stage: DrillStage,
  { pauseSeconds, onStep }: { pauseSeconds: number; onStep(text: string): void },
): Promise<Drilled> {
  const { api, hub, stack, user } = stage;
  const wrong: string[] = [];
  const moments: Moment[] = [];
  const opensAt = (await hub.now()) + LEAD_SECONDS;
  const ask = (text: string) => askInDrill(stage, { text, secures: SECURES, opensAt, liveness: LIVENESS });
  const lie = await ask("Is one ether worth 2,300 dollars or more?");
  const truth = await ask("Is one ether worth 2,300 dollars or more today?");
  await hub.warpTo(opensAt + 1);
  const started = await hub.now();
  const mark = async (what: string, when?: number): Promise<number> => {
    const now = when ?? (await hub.now());
    moments.push({ seconds: now - started, what });
    onStep(`${now - started} s: ${what}`);
    return now;
  };
  const must = (holds: boolean, what: string): void => void (holds || wrong.push(what));
  const question = (id: Hex) => api.get(`/v1/questions/${id}`, wireQuestionDetail);

  await colludeInDrill(stage, lie, NO);
  await colludeInDrill(stage, truth, YES);
  await mark(
    "three of four providers answer No, which is wrong, and Yes to another question, which is right",
  );
  const answered = await until("the answers", async () => {
    const both = await Promise.all([question(lie.id), question(truth.id)]);
    return both.every(({ status }) => status === "answered") ? both : undefined;
  });
  const before = answered.map(({ finalizeAt }) => need(finalizeAt, "a finality"));

  const event = await until("an event of severity 5", async () => {
    const { items } = await api.get("/v1/security/events?state=open&severity=5", page(wireSecurityEvent));
    return items.find(({ subject }) => subject === lie.id);
  });
  await mark(`the watcher's event of severity ${event.severity} is open: ${event.summary}`);
  const security = () => api.get("/v1/security", wireSecurity);
  const tripped = await until("the breaker of value", async () => {
    const seen = await security();
    return seen.breakers.some(({ name, tripped: isTripped }) => name === "value" && isTripped)
      ? seen
      : undefined;
  });
  await mark("the worker tripped the breaker of value by itself: windows are doubled");
  must(tripped.windowFactor === 2, `windows are ${tripped.windowFactor} times as long, not twice`);

  /* PAUSE */
  const desk: Desk = {
    hub: stack.hub,
    addresses: stack.addresses,
    account: need(stack.accounts, "a laptop's accounts").deployer,
    who: "the drill",
    file: recordFile(mkdtempSync(path.join(tmpdir(), "sooth-drill-record-"))),
  };
  await requireChain(desk);
  await requireGuardian(desk);
  const why = "a wrong answer is about to become final";
  const paused = await perform(desk, pauseStep(desk.addresses, pauseSeconds), why);
  await mark(`the guardian paused for ${pauseSeconds} s, in transaction ${paused.transaction}`, paused.at);
  const ends = paused.at + pauseSeconds;
  await refused("a second pause", desk, wrong);
  const stranger: Desk = { ...desk, account: user("Erin") };
  must(
    await fails(() => requireGuardian(stranger), "ops.not_guardian"),
    "another key passed for the guardian",
  );

  const held = await until("both answers are held", async () => {
    const both = await Promise.all([question(lie.id), question(truth.id)]);
    const later = both.every(({ finalizeAt }, place) => (finalizeAt ?? 0) > at(before, place));
    return later && (await security()).unheld === 0 ? both : undefined;
  });
  await mark("the worker held both answers");
  for (const [place, { finalizeAt }] of held.entries()) {
    const added = (finalizeAt ?? 0) - at(before, place);
    must(added > 0 && added <= pauseSeconds, `finality moved by ${added} s in a pause of ${pauseSeconds} s`);
    must((finalizeAt ?? 0) > ends, "an answer becomes final in the pause");
  }

  /* DISPUTE */
  const carol = user("Carol");
  const objection = await api.post(
    `/v1/questions/${lie.id}/disputes/prepare`,
    { account: carol.address, claim: "Yes" },
    wirePreparedDispute,
  );
  await hub.send(carol, objection.calls);
  const disputed = await until("the dispute", async () => {
    const { items } = await api.get(`/v1/disputes?question=${lie.id}`, page(wireDispute));
    return items[0];
  });
  const disputedAt = await mark(`Carol objected with ${disputed.deposit} of collateral`);
  must(disputedAt < ends, "the dispute came after the pause");
  let looks = 0;
  const stood = await until("the end of the pause", async () => {
    const [{ stage: now }, time, other] = await Promise.all([
      api.get(`/v1/disputes/${disputed.id}`, wireDispute),
      hub.now(),
      question(truth.id),
    ]);
    if (time < ends)
      must(now === "disputed" && other.status === "answered", `at ${time} it is ${now}, ${other.status}`);
    if (time < ends && ++looks === LOOKS_IN_PAUSE) await hub.warpTo(ends);
    return time >= ends && (await security()).pausedUntil === null ? true : undefined;
  });
  must(stood, "the pause did not end");
  await mark(
    "the pause ended by itself; until then nothing moved on the ladder, and nothing became final",
    ends,
  );

  /* JURY, FINAL */
  const ended = await until("the end of the dispute", async () => {
    const found = await api.get(`/v1/disputes/${disputed.id}`, wireDispute);
    if (found.outcome !== null) return found;
    await Promise.all(found.juries.map((jury) => passSealing(stage, jury)));
    return undefined;
  });
  await mark(`the jury decided: ${ended.outcome}`);
  must(
    ended.outcome === "replace" && ended.juries.length === 1,
    `the ladder ended with ${ended.outcome} after ${ended.juries.length} juries`,
  );
  const corrected = await until("the corrected answer is final", async () => {
    const found = await question(lie.id);
    return found.status === "final" ? found : undefined;
  });
  await mark(`the corrected answer is final: ${corrected.label}`);
  must(corrected.value === String(YES), `the final answer is ${corrected.value}`);
  await hub.warpTo(need(at(held, 1).finalizeAt, "a finality"));
  const other = await until("the right answer is final", async () => {
    const found = await question(truth.id);
    return found.status === "final" ? found : undefined;
  });
  const heldUntil = need(other.finalizeAt, "a finality");
  await mark(`the answer that was right became final when it was held to: ${other.label}`, heldUntil);
  must(
    heldUntil === at(held, 1).finalizeAt && other.value === String(YES),
    "the right answer was moved again",
  );

  /* AND AFTERWARDS */
  const after = await security();
  const mayPauseFrom = need(after.mayPauseFrom, "a cool-down after the pause");
  must(after.pausedUntil === null, "the pause is not over");
  const trip = need(
    after.breakers.find(({ name }) => name === "value"),
    "the breaker of value",
  );
  must(trip.tripped && trip.until !== null, "the breaker ended while the dispute went on");
  await hub.warpTo((trip.until ?? 0) + 1);
  await until("the end of the trip", async () => ((await security()).windowFactor === 1 ? true : undefined));
  await mark("a day later (the chain's clock was set) the breaker had ended by itself");
  await refused("another pause within the cool-down", desk, wrong);
  await hub.warpTo(mayPauseFrom);
  await refused("a pause of more than 72 hours", desk, wrong, MOST_PAUSE + 1);
  await rehearse(desk, pauseStep(desk.addresses, MOST_PAUSE), why);
  await mark(
    "three days after the pause, and not before, the guardian may pause again, for 72 hours at most",
  );
  return { moments: moments.toSorted((a, b) => a.seconds - b.seconds), wrong, file: desk.file };
}

async function refused(what: string, desk: Desk, wrong: string[], seconds = 1): Promise<void> {
  if (!(await fails(() => perform(desk, pauseStep(desk.addresses, seconds), what), "ops.refused")))
    wrong.push(`${what} was taken`);
}

async function fails(run: () => Promise<unknown>, code: string): Promise<boolean> {
  try {
    await run();
    return false;
  } catch (error) {
    if (error instanceof AppError && error.code === code) return true;
    throw error;
  }
}
