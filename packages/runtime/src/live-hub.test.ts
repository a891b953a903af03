import { expect, test } from "vitest";
import { LiveHub, type LiveClient } from "./live-hub.ts";

type Seen = { id: string; event: string; data: string };

function client(unsent = 0): LiveClient & { seen: Seen[]; ended: string[] } {
  const seen: Seen[] = [];
  const ended: string[] = [];
  return {
    seen,
    ended,
    write: (text) => {
      const [, id, event, data] = /^id: (.*)\nevent: (.*)\ndata: (.*)\n\n$/.exec(text) ?? [];
      if (id && event && data) seen.push({ id, event, data });
      return unsent;
    },
    end: () => ended.push("end"),
    drop: () => ended.push("drop"),
  };
}
const told = (one: { seen: Seen[] }) => one.seen.map(({ event, data }) => `${event} ${data}`);

test("gives each event a growing id, and sends it to those who want its topic", () => {
  const hub = new LiveHub();
  const all = client();
  const blocks = client();
  hub.join(all, {});
  hub.join(blocks, { topics: new Set(["block"]) });
  hub.publish({ topic: "market", id: "0x1", data: { pool: 5n } });
  hub.publish({ topic: "block", id: "7" });
  expect(told(all)).toEqual([
    "hello {}",
    'market {"id":"0x1","data":{"pool":"5"}}',
    'block {"id":"7","data":null}',
  ]);
  expect(told(blocks)).toEqual(["hello {}", 'block {"id":"7","data":null}']);
  expect(all.seen.map(({ id }) => id.split("-")[1])).toEqual(["0", "1", "2@7"]);
});

test("one who comes back gets what was missed, of the wanted topics", () => {
  const hub = new LiveHub();
  const first = client();
  const leave = hub.join(first, {});
  hub.publish({ topic: "block", id: "1" });
  leave();
  hub.publish({ topic: "block", id: "2" });
  hub.publish({ topic: "market", id: "m" });
  hub.publish({ topic: "block", id: "3" });
  const again = client();
  hub.join(again, { lastEventId: first.seen.at(-1)?.id, topics: new Set(["block"]) });
  expect(told(again)).toEqual(['block {"id":"2","data":null}', 'block {"id":"3","data":null}', "hello {}"]);
  expect(told(first)).toHaveLength(2);
});

test("what is no longer known, or was never ours, is a reset", () => {
  const hub = new LiveHub({ keep: 10 });
  const early = client();
  hub.join(early, {});
  for (let number = 1; number <= 25; number += 1) hub.publish({ topic: "block", id: String(number) });
  const reset = (lastEventId: string | undefined) => {
    const back = client();
    hub.join(back, { lastEventId });
    return back.seen.map(({ event }) => event);
  };
  expect(reset(early.seen[0]?.id)).toEqual(["reset"]);
  expect(reset("otherrun-3")).toEqual(["reset"]);
  expect(reset("nonsense")).toEqual(["reset"]);
  expect(reset(early.seen.at(-1)?.id.replace(/\d+@/, "99@"))).toEqual(["reset"]);
  // Exactly ten are kept, so the eleventh-youngest is a reset and the tenth is not.
  expect(reset(early.seen.at(-11)?.id)).toHaveLength(11);
  expect(reset(early.seen.at(-12)?.id)).toEqual(["reset"]);
});

test("a client that does not read is dropped, the others go on", () => {
  const hub = new LiveHub();
  const slow = client(2_000_000);
  const quick = client();
  hub.join(quick, {});
  hub.join(slow, {});
  hub.publish({ topic: "block", id: "1" });
  expect(slow.ended).toEqual(["drop"]);
  expect(hub.size).toBe(1);
  expect(told(quick)).toHaveLength(2);
});

test("closing ends all streams and takes no more", () => {
  const hub = new LiveHub({ maxClients: 1 });
  const one = client();
  expect(hub.full).toBe(false);
  hub.join(one, {});
  expect(hub.full).toBe(true);
  hub.close();
  expect(one.ended).toEqual(["end"]);
  expect([hub.size, hub.full]).toEqual([0, true]);
});
