import { localBeacon } from "@sooth/chain";
import { publicKeyOf } from "@sooth/randomness/core";
import { expect, test } from "vitest";
import { laptopAccounts } from "./accounts.ts";

test("the laptop's beacon signs with the key that local deployments are built with", () => {
  expect(publicKeyOf(laptopAccounts().beaconKey)).toBe(localBeacon.beaconKey);
});
