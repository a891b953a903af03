import type { LiveClient } from "@sooth/runtime";
import { migrate, notifyLive, openStore, type Store } from "@sooth/store";
import { type TestDatabase, testDatabase } from "@sooth/store/embedded";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openLiveEvents } from "./live-events.ts";

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await testDatabase();
  store = openStore({ url: database.url });
  await migrate(store, []);
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

/** One process that serves streams. */
async function replica() {
  const stop = new AbortController();
  const its = openStore({ url: database.url, max: 2 });
  const { live, over } = await openLiveEvents(its, stop.signal);
  const end = async () => {
    live.close();
    stop.abort();
    await over;
    await its.close();
  };
  onTestFinished(end);
  return { live, end };
}
type Replica = Awaited<ReturnType<typeof replica>>;

function reader({ live }: Replica, lastEventId?: string, fromBlock?: number) {
  const seen: { id: string; event: string; what: string }[] = [];
  const client: LiveClient = {
    write: (text) => {
      const [, id = "", event = "", data = "{}"] = /^id: (.*)\nevent: (.*)\ndata: (.*)\n/.exec(text) ?? [];
      const { id: what = "" } = JSON.parse(data) as { id?: string };
      seen.push({ id, event, what });
      return 0;
    },
    end: () => {},
    drop: () => {},
  };
  const leave = live.join(client, { lastEventId, fromBlock, topics: new Set(["market", "block"]) });
  return { seen, leave, told: () => seen.map(({ event, what }) => `${event} ${what}`.trim()) };
}
const head = (number: number) => notifyLive(store.db, { topic: "block", id: String(number) });
const market = (id: string) => notifyLive(store.db, { topic: "market", id });

test("who comes back after a restart, or to another replica, is told what he missed, and goes on live", async () => {
  const first = await replica();
  const before = reader(first);
  // Listening begins when the database says so.
  await expect.poll(async () => (await head(7), before.told())).toContain("block 7");
  await market("a");
  await expect.poll(() => before.told().at(-1)).toBe("market a");
  const last = before.seen.at(-1)?.id ?? "";
  expect(last).toMatch(/^\w+-\d+@7$/);
  before.leave();
  await first.end();
  await market("b");
  await head(8);
  await notifyLive(store.db, { topic: "feed", id: "of another topic" });

  const second = await replica();
  const after = reader(second, last);
  await expect.poll(() => after.told().at(-1)).toBe("hello");
  // What it had of that block may come again; nothing that it lacked is left out.
  expect(after.told().slice(-3)).toEqual(["market b", "block 8", "hello"]);
  expect(after.told()).not.toContain("feed of another topic");
  await expect.poll(async () => (await market("c"), after.told())).toContain("market c");

  // Half a past is no place: whoever leaves in it begins it again.
  expect(after.seen[0]?.id).toBe("past-0@7");
  expect(after.seen.find(({ event }) => event === "hello")?.id).toMatch(/^\w+-\d+@8$/);
  const again = reader(second, after.seen[0]?.id);
  await expect.poll(() => again.told()).toContain("market b");
});
/** Tells something of another topic until this process hears it: all before it is no longer on its way to it. */
async function untilHeard({ live }: Replica): Promise<void> {
  let heard = false;
  const write = (text: string) => ((heard ||= text.includes("event: relay")), 0);
  const leave = live.join({ write, end: () => {}, drop: () => {} }, { topics: new Set(["relay"]) });
  await expect.poll(async () => (await notifyLive(store.db, { topic: "relay", id: "0" }), heard)).toBe(true);
  leave();
}

test("who has read everything as of a block is told what came since; of a block that nobody told, to read anew", async () => {
  const only = await replica();
  await head(20);
  await market("d");
  await untilHeard(only);
  const since = reader(only, undefined, 20);
  await expect.poll(() => since.told().at(-1)).toBe("hello");
  expect(since.told().slice(-3)).toEqual(["block 20", "market d", "hello"]);
  const early = reader(only, undefined, 2);
  const late = reader(only, "otherrun-5@21");
  await expect.poll(() => [early.told(), late.told()]).toEqual([["reset"], ["reset"]]);
});

test("what is told while the past is read comes after it, once", async () => {
  const only = await replica();
  await head(30);
  await market("e");
  await untilHeard(only);
  const back = reader(only, undefined, 30);
  only.live.publish({ topic: "market", id: "meanwhile" });
  expect(back.told()).toEqual([]);
  await expect.poll(() => back.told().at(-1)).toBe("hello");
  expect(back.told().slice(-4)).toEqual(["block 30", "market e", "market meanwhile", "hello"]);
});
