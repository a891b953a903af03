import { logger } from "@sooth/runtime";
import { expect, test } from "vitest";
import { reasonHash } from "../../core/index.ts";
import { sayWhy } from "./say-why.ts";

const log = logger("test");
const TEXT = "The page says 2,400.";
type Told = Awaited<ReturnType<Parameters<typeof sayWhy>[0]["handOverReason"]>>;
const refused: Told = { outcome: "later", code: "http.503", message: "away" };

/** What happens, in turn, where the server answers so each time it is asked. */
async function story(...answers: (Told | Error)[]): Promise<string[]> {
  const happened: string[] = [];
  const handOverReason = async (text: string): Promise<Told> => {
    expect(text).toBe(TEXT);
    happened.push("told");
    const answer = answers.shift() ?? refused;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const object = async (reason: string) => {
    expect(reason).toBe(reasonHash(TEXT));
    happened.push("objected");
    return "0x01";
  };
  expect(await sayWhy({ handOverReason }, TEXT, object, log)).toBe("0x01");
  return happened;
}

test("the text is handed over before the objection, and not again", async () => {
  expect(await story({ outcome: "accepted" })).toEqual(["told", "objected"]);
});

test("a server that is away, or refuses, holds up nothing and is told once more", async () => {
  expect(await story(new Error("away"))).toEqual(["told", "objected", "told"]);
  expect(await story(refused, { outcome: "accepted" })).toEqual(["told", "objected", "told"]);
});

test("what the chain refuses is thrown", async () => {
  const api = { handOverReason: async (): Promise<Told> => ({ outcome: "accepted" }) };
  await expect(sayWhy(api, TEXT, () => Promise.reject(new Error("reverted")), log)).rejects.toThrow(
    "reverted",
  );
});
