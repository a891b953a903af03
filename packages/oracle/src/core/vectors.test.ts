import { need, type Hex } from "@sooth/kernel";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, test } from "vitest";
import {
  agreeingWeight,
  confidenceOf,
  hasMajority,
  hasQuorum,
  plurality,
  sumOfWeights,
  weightedLowerMedian,
} from "./aggregate.ts";
import { bigints, vectors } from "../../test/vectors.ts";
import { bitmapOf, decodeAnswerWord, encodeAnswerWord, INVALID, seatsOf, TOO_EARLY } from "./answer-word.ts";
import { packAgreed, packEntries, reportDigest, reportTypedData, unpackReport } from "./report.ts";
import {
  type ChainTerms,
  questionId,
  schemaHash,
  termsFromChain,
  termsFromWire,
  termsToWire,
} from "./terms.ts";
import { weightsOf } from "./weights.ts";

describe("weights", () => {
  const { cases } = vectors<{ cases: { stakes: string[]; weights: string[] }[] }>("weights");
  test.each(cases)("caps $stakes", ({ stakes, weights }) => {
    expect(weightsOf(bigints(stakes))).toEqual(bigints(weights));
  });
});

describe("aggregation", () => {
  type Case = {
    mode: "median" | "plurality";
    weights: string[];
    seats: number[];
    values: string[];
    tolerance: string;
    answer: string;
    confidence: number;
    error: string;
  };
  test.each(vectors<{ cases: Case[] }>("aggregation").cases)("$mode of $values by $seats", (each) => {
    const weights = bigints(each.weights);
    const total = weights.reduce((sum, weight) => sum + weight, 0n);
    const entries = each.values.map((value, index) => ({
      value: BigInt(value),
      weight: need(weights[need(each.seats[index], "a seat")], "a weight"),
    }));
    const winner = plurality(entries);
    const accepted =
      hasQuorum(sumOfWeights(entries), total) &&
      (each.mode === "median" || hasMajority(winner.weight, total));
    expect(accepted).toBe(each.error === "");
    if (!accepted) return;
    const answer = each.mode === "median" ? weightedLowerMedian(entries) : winner.value;
    expect(answer).toBe(BigInt(each.answer));
    const agreeing = agreeingWeight(entries, answer, BigInt(each.tolerance));
    expect(confidenceOf(agreeing, total)).toBe(each.confidence);
  });
});

describe("answer word", () => {
  const file = vectors<{ tooEarly: string; invalid: string; cases: Record<string, string>[] }>("answer-word");
  test("sentinels", () => {
    expect([TOO_EARLY, INVALID]).toEqual([BigInt(file.tooEarly), BigInt(file.invalid)]);
  });
  test.each(file.cases)("decodes and encodes $word", ({ word, ...fields }) => {
    const decoded = decodeAnswerWord(BigInt(need(word, "a word")));
    const shown = Object.fromEntries(
      Object.entries(decoded).map(([name, value]) => [
        name,
        name === "seats" ? Number(value) : typeof value === "bigint" ? String(value) : value,
      ]),
    );
    expect(shown).toMatchObject(fields);
    expect(encodeAnswerWord(decoded)).toBe(BigInt(need(word, "a word")));
  });
});

describe("reports", () => {
  type Case = {
    schemaText: string;
    terms: Record<string, string | number>;
    question: Hex;
    epoch: number;
    round: number;
    reports: { seat: number; value: string; digest: Hex; signature: Hex }[];
    entries: Hex;
    agreed: { value: string; seats: number; signatures: Hex; digest: Hex };
  };
  const file = vectors<{
    domain: { chainId: number; verifyingContract: Hex };
    keys: Hex[];
    cases: Case[];
  }>("reports");
  const domain = { chainId: file.domain.chainId, oracle: file.domain.verifyingContract };
  const termsOf = ({ terms }: Case) =>
    termsFromChain(
      Object.fromEntries(
        Object.entries(terms).map(([name, value]) => [
          name,
          ["min", "max", "tolerance", "reward", "nonce", "secures"].includes(name) ? BigInt(value) : value,
        ]),
      ) as unknown as ChainTerms,
    );

  test.each(file.cases)("question $question", (each) => {
    const terms = termsOf(each);
    expect(schemaHash(each.schemaText)).toBe(terms.schema);
    expect(questionId(terms)).toBe(each.question);
    expect(termsFromWire(termsToWire(terms))).toEqual(terms);
  });

  test.each(file.cases)("digests, signatures and own-value entries of $question", async (each) => {
    const { question, epoch, round } = each;
    for (const { seat, value, digest, signature } of each.reports) {
      const report = { question, value: BigInt(value), epoch, round };
      expect(reportDigest(domain, report)).toBe(digest);
      const account = privateKeyToAccount(need(file.keys[seat], "a key"));
      expect(await account.signTypedData(reportTypedData(domain, report))).toBe(signature);
    }
    const reports = each.reports.map(({ seat, value, signature }) => ({
      seat,
      value: BigInt(value),
      signature,
    }));
    // In any order: packing sorts.
    expect(packEntries(reports.toReversed())).toBe(each.entries);
    const seats = bitmapOf(reports.map(({ seat }) => seat));
    expect(unpackReport(each.entries, seats, 0n)?.map(({ seat, value }) => [seat, value])).toEqual(
      reports.map(({ seat, value }) => [seat, value]),
    );
    expect(unpackReport(each.entries, seats, 0n)?.map(({ signature }) => signature)).toEqual(
      reports.map(({ signature }) => signature),
    );
  });

  test.each(file.cases)("co-signatures of $question", async (each) => {
    const { question, epoch, round, agreed } = each;
    const value = BigInt(agreed.value);
    expect(reportDigest(domain, { question, value, epoch, round })).toBe(agreed.digest);
    const seats = seatsOf(BigInt(agreed.seats));
    const reports = await Promise.all(
      seats.map(async (seat) => ({
        seat,
        value,
        signature: await privateKeyToAccount(need(file.keys[seat], "a key")).sign({ hash: agreed.digest }),
      })),
    );
    expect(packAgreed(reports.toReversed())).toBe(agreed.signatures);
    expect(unpackReport(agreed.signatures, BigInt(agreed.seats), value)).toEqual(reports);
    expect(unpackReport("0x1234", BigInt(agreed.seats), value)).toBeNull();
  });
});
