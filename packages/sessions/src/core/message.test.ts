import { expect, test } from "vitest";
import { NONCE_SECONDS, readSignIn, type SignIn, signInMessage } from "./message.ts";

const NOW = 1_800_000_000;
const mine: SignIn = {
  address: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
  chainId: 31_337,
  origin: "https://sooth.example",
  nonce: "a1b2c3d4e5f6a7b8",
  issuedAt: NOW,
};
const here = { origin: mine.origin, chainId: mine.chainId, now: NOW };
const wrongOf = (text: string, at: Partial<typeof here> = {}) => {
  const read = readSignIn(text, { ...here, ...at });
  return "wrong" in read ? read.wrong : null;
};

test("what a wallet is asked to sign says where, what for, and that it costs nothing", () => {
  expect(signInMessage(mine)).toBe(
    [
      "https://sooth.example wants you to sign in with your Ethereum account:",
      mine.address,
      "",
      "Sign in to Sooth. This shows that the wallet is yours. It sends no transaction and costs nothing.",
      "",
      "URI: https://sooth.example",
      "Version: 1",
      "Chain ID: 31337",
      "Nonce: a1b2c3d4e5f6a7b8",
      "Issued At: 2027-01-15T08:00:00.000Z",
      "Expiration Time: 2027-01-15T08:10:00.000Z",
    ].join("\n"),
  );
  expect(readSignIn(signInMessage(mine), here)).toEqual({ address: mine.address, nonce: mine.nonce });
});

test.each<[string, Partial<SignIn>, string]>([
  ["another site", { origin: "https://evil.example" }, "it is for evil.example, and this is sooth.example"],
  ["another port", { origin: "https://sooth.example:8443" }, "it is for sooth.example:8443"],
  ["a site without TLS", { origin: "http://sooth.example" }, "it is for http, and this is https"],
  [
    "a site that begins alike",
    { origin: "https://sooth.example.evil.example" },
    "it is for sooth.example.ev",
  ],
  ["another chain", { chainId: 1 }, "it is for chain 1, and this is chain 31337"],
  ["a while ago", { issuedAt: NOW - NONCE_SECONDS - 1 }, "it was issued too long ago"],
  ["tomorrow", { issuedAt: NOW + 86_400 }, "it was issued in the future"],
])("a message for %s signs nobody in", (_, over, wrong) => {
  expect(wrongOf(signInMessage({ ...mine, ...over }))).toContain(wrong);
});

test.each<[string, (text: string) => string, string]>([
  ["is over", (text) => text.replace("08:10:00", "08:00:00"), "it has expired"],
  ["has not begun", (text) => `${text}\nNot Before: 2027-01-15T09:00:00.000Z`, "it is not good yet"],
  ["names another page", (text) => text.replace("URI: https://sooth", "URI: https://evil"), "its URI is not"],
  ["has no URI at all", (text) => text.replace("URI: https://sooth.example", "URI: :"), "it is not written"],
  ["says more than a parser reads", (text) => `Pay me.\n${text}`, "it is no EIP-4361 message"],
  ["says more at its end", (text) => `${text}\nand give me your stakes`, "it is not written as EIP-4361"],
  [
    "hides a second address",
    (text) => text.replace("\n\nSign", "\n\n0x0000000000000000000000000000000000000001\n\nSign"),
    "it is no",
  ],
  ["has a wrong checksum", (text) => text.replace("0xf39F", "0xF39F"), "it is not written as EIP-4361 says"],
  ["is of another version", (text) => text.replace("Version: 1", "Version: 2"), "it is not written"],
  ["has no date", (text) => text.replace(/Issued At: .*/, "Issued At: now"), "it is not written"],
  ["is no message", () => "hello", "it is no EIP-4361 message"],
  ["is empty", () => "", "it is no EIP-4361 message"],
])("a message that %s signs nobody in", (_, bend, wrong) => {
  expect(wrongOf(bend(signInMessage(mine)))).toContain(wrong);
});

test("a clock that goes a little ahead is forgiven", () => {
  expect(wrongOf(signInMessage({ ...mine, issuedAt: NOW + 30 }))).toBe(null);
});
