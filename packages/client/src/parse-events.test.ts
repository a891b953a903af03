import { expect, test } from "vitest";
import { parseEvents } from "./parse-events.ts";

async function parse(...chunks: (string | Uint8Array)[]) {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks)
        controller.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
      controller.close();
    },
  });
  const events: string[] = [];
  for await (const { event, data, id } of parseEvents(body)) events.push(`${id}|${event}|${data}`);
  return events;
}

test("reads events however their bytes are cut", async () => {
  const text = "id: 1\nevent: block\ndata: ü🎉\n\nid: 2\ndata: b\n\n";
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at <= bytes.length; at += 1)
    expect(await parse(bytes.slice(0, at), bytes.slice(at))).toEqual(["1|block|ü🎉", "2|message|b"]);
});

test("reads all three line ends, comments, several data lines; an id lasts, an event without data is none", async () => {
  expect(
    await parse(
      "id: 7\r\nevent: a\r\ndata: x\r\n\r",
      "\n: note\n\ndata: y\ndata:z\r\revent: lost\n\ndata\n\n",
    ),
  ).toEqual(["7|a|x", "7|message|y\nz", "7|message|"]);
});

test("half an event at the end is dropped", async () => {
  expect(await parse("data: whole\n\ndata: half\n")).toEqual(["|message|whole"]);
});
