import { AppError } from "@sooth/kernel";
import { expect, test } from "vitest";
import { z } from "zod";
import { describeConfig, readConfig, secret } from "./config.ts";

const shape = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000).describe("where to listen"),
  DATABASE_URL: z.url().describe("the database"),
  SIGNING_KEY: secret(
    z
      .string()
      .regex(/^0x[0-9a-f]{64}$/)
      .describe("signs reports"),
  ).optional(),
  ADMIN_TOKEN: secret(
    z.string().refine(() => false, { error: (issue) => `${String(issue.input)} is not a token` }),
  ).optional(),
});

const problems = (env: Record<string, string>): string => {
  try {
    readConfig(shape, env);
  } catch (error) {
    if (error instanceof AppError && error.code === "runtime.bad_config") return error.message;
    throw error;
  }
  throw new Error("accepted");
};

test("reads keys, fills defaults, and takes an empty value for none", () => {
  expect(readConfig(shape, { DATABASE_URL: "postgres://h/d", PORT: " ", OTHER: "x" })).toEqual({
    PORT: 3000,
    DATABASE_URL: "postgres://h/d",
  });
  expect(readConfig(shape, { DATABASE_URL: "postgres://h/d", PORT: "8080" }).PORT).toBe(8080);
});

test("tells all bad keys at once, with what is wrong and what each is for", () => {
  const text = problems({ PORT: "99999", SIGNING_KEY: "0xabc" });
  expect(text).toMatch(/PORT = "99999": .*65535.*\(where to listen\)/);
  expect(text).toContain("DATABASE_URL is not set (the database)");
  expect(text).toMatch(/SIGNING_KEY: .*\(signs reports\)/);
});

test("never tells the value of a secret, not even where its own check quotes it", () => {
  const text = problems({ DATABASE_URL: "x:y", SIGNING_KEY: "0xdeadbeef", ADMIN_TOKEN: "hunter2hunter2" });
  expect(text).not.toContain("deadbeef");
  expect(text).not.toContain("hunter2");
  expect(text).toContain("ADMIN_TOKEN: … is not a token");
});

test("describes keys through optional and default wrappers", () => {
  expect(describeConfig(shape)).toEqual([
    { key: "PORT", purpose: "where to listen", required: false, secret: false, default: "3000" },
    { key: "DATABASE_URL", purpose: "the database", required: true, secret: false, default: "" },
    { key: "SIGNING_KEY", purpose: "signs reports", required: false, secret: true, default: "" },
    { key: "ADMIN_TOKEN", purpose: "", required: false, secret: true, default: "" },
  ]);
});
