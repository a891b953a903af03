import { AppError } from "@sooth/kernel";
import { expect, test } from "vitest";
import { besideWhom } from "./beside.ts";
import { loadConfig } from "./config.ts";

const PLACE = "http://localhost:3000";
const whom = (settings: Record<string, string>, said?: string): string | undefined => {
  try {
    return besideWhom(said, loadConfig(settings));
  } catch (error) {
    return error instanceof AppError ? error.message : String(error);
  }
};

test("a provider joins the server that is named, on the command line or in the settings", () => {
  expect(whom({ SOOTH_ROLES: "provider" }, PLACE)).toBe(PLACE);
  expect(whom({ SOOTH_ROLES: "provider,watcher", PROVIDER_API_URL: PLACE })).toBe(PLACE);
});

test("what serves, or is everything, joins nobody", () => {
  expect(whom({})).toBeUndefined();
  expect(whom({ SOOTH_ROLES: "api,worker" })).toBeUndefined();
  expect(whom({ SOOTH_ROLES: "api" }, PLACE)).toContain("goes with the roles provider and watcher");
  expect(whom({}, PLACE)).toContain("goes with the roles provider and watcher");
});

test("alone on a local network it starts no second one, and is told what to add", () => {
  expect(whom({ SOOTH_ROLES: "provider" })).toContain("add --join http://localhost:3000 --settings FILE");
});

test("on a public network the settings alone do", () => {
  expect(
    whom({ SOOTH_ROLES: "provider", HUB_CHAIN_ID: "11155111", PROVIDER_API_URL: PLACE }),
  ).toBeUndefined();
});
