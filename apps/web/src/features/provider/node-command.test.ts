import { expect, test } from "vitest";
import { keyFileName } from "./keys.ts";
import { nodeCommand } from "./node-command.ts";

const saved = "0xAbCdEf0123456789aBcDeF0123456789abcdef01";
const local = { origin: "http://localhost:3000", chainId: 31_337, local: true };

test("a laptop's node needs an address and a file", () => {
  expect(nodeCommand({ ...local, saved })).toBe(
    "npm start -- --join http://localhost:3000 --settings ~/Downloads/sooth-signing-key-0xabcdef.env",
  );
  expect(nodeCommand({ ...local, saved: undefined })).toContain("--settings provider.env");
});

test("the file is found again by an address of any case", () => {
  expect(keyFileName(saved)).toBe(keyFileName(saved.toLowerCase()));
});

test("of a laptop that is another machine a node believes no more than of a public server", () => {
  const text = nodeCommand({ ...local, origin: "http://192.168.0.7:3000", saved });
  expect(text).toContain("HUB_CHAIN_ID=31337 HUB_RPC_URLS=YOUR_RPC_URL");
});

test("elsewhere the node is given a chain and origins of its own", () => {
  const text = nodeCommand({ origin: "https://sooth.example", chainId: 10, local: false, saved });
  expect(text).toContain("HUB_CHAIN_ID=10 HUB_RPC_URLS=YOUR_RPC_URL");
  expect(text).toContain("PROVIDER_ALLOWED_ORIGINS=");
  expect(text).toContain("npm start -- --join https://sooth.example");
});
