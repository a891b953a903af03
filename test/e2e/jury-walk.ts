import type { Clock } from "./opinion-walk.ts";
import { type DisputeStack, until } from "./dispute-stack.ts";

type Dispute = { stage: string; until: number | null; juries: string[] };
type Jury = {
  commitEndsAt: number;
  jurors: { committed: boolean; choice: number | null }[];
};
type Batches = { items: { posted: boolean; commitments: unknown[] }[] };

/**
 * Lets the one dispute of a question go its way to the end: providers look again, a jury seals and opens its votes where they do not
 * settle it, nobody appeals. The clock is moved over what is left of a window only once what the window is for is there.
 */
export async function decideDispute(
  stack: Pick<DisputeStack, "get">,
  clock: Clock,
  question: string,
): Promise<void> {
  const dispute = async (): Promise<Dispute> => {
    const { items } = await stack.get<{ items: Dispute[] }>(`/v1/disputes?question=${question}`);
    const [found] = items;
    if (!found || items.length > 1) throw new Error(`${items.length} disputes`);
    return found;
  };
  const juryPath = async (): Promise<string> => `/v1/juries/${(await dispute()).juries.at(-1)}`;
  const jury = async (): Promise<Jury> => stack.get(await juryPath());
  const posted = async (): Promise<number> => {
    const { items } = await stack.get<Batches>(`${await juryPath()}/batches`);
    return items.filter((batch) => batch.posted).flatMap(({ commitments }) => commitments).length;
  };
  await until("what providers say again", 150, async () => (await dispute()).stage !== "disputed");
  if ((await dispute()).stage === "sitting") {
    await until("all sealed votes on the chain", 150, async () => {
      const { jurors } = await jury();
      const sealed = jurors.length > 0 && jurors.every(({ committed }) => committed);
      return sealed && (await posted()) === jurors.length;
    });
    // Well into the next phase: whoever asks in its first second may be told of the one before.
    await clock.moveTo((await jury()).commitEndsAt + 10);
    await until("all votes", 150, async () => (await jury()).jurors.every(({ choice }) => choice !== null));
  }
  await until("the verdict", 90, async () => ["confirmed", "ruled"].includes((await dispute()).stage));
  const { until: appeals } = await dispute();
  if (appeals !== null) await clock.moveTo(appeals);
  await until("the end of the dispute", 90, async () => (await dispute()).stage === "done");
}
