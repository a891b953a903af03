/**
 * Asks a question from a script, without a contract of its own, and waits for the answer. The signed transaction is
 * handed to the gateway, which sends it and at once gives a receipt that says when the answer can be final.
 *
 *   node ask-and-wait.ts API_URL RPC_URL PRIVATE_KEY
 */
import { createClient, trustOf, verifyReceipt, waitForAnswer } from "@sooth/client";
import { createPublicClient, createWalletClient, type Hex, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";

const [apiUrl = "", rpcUrl = "", privateKey = ""] = process.argv.slice(2);
const client = createClient({ baseUrl: apiUrl });
const network = await client.getNetwork();
const trust = trustOf(network);
const account = privateKeyToAccount(privateKey as Hex);
const chain = createPublicClient({ transport: http(rpcUrl), pollingInterval: 200 });
const wallet = createWalletClient({ account, transport: http(rpcUrl) });

// The close of a minute that is over: its price is there to be read.
const observeAt = Math.floor(network.now / 60) * 60 - 120;
const prepared = await client.prepareQuestion({
  schema: {
    version: 1,
    text: `Did ETH/USD close at or above 3000 at ${new Date(observeAt * 1000).toISOString()}?`,
    kind: "bool",
    outcomes: ["No", "Yes"],
    observeAt,
    sources: network.sourceTemplates.map(({ name, url, path, unit }) => ({ name, url, path, unit })),
    rule: { type: "atLeast", threshold: "3000" },
  },
  opensAt: network.now,
  deadline: network.now + 600,
  liveness: 5,
  reward: "1000000",
  asker: account.address,
});

let receipt;
for (const [index, { to, data }] of prepared.calls.entries()) {
  const request = await wallet.prepareTransactionRequest({ to: to as Hex, data: data as Hex, chain: null });
  const transaction = await wallet.signTransaction({ ...request, chain: null });
  if (index < prepared.calls.length - 1) {
    // An allowance, which must be there before the question is tried.
    const hash = await wallet.sendRawTransaction({ serializedTransaction: transaction });
    await chain.waitForTransactionReceipt({ hash });
    continue;
  }
  const began = performance.now();
  const { receipts } = await client.confirmAsk({ transaction });
  const ms = Math.round(performance.now() - began);
  if (!receipts[0]) throw new Error("no receipt");
  receipt = await verifyReceipt(receipts[0], trust);
  console.log(JSON.stringify({ asked: receipt.question, confirmedInMs: ms, finalFrom: receipt.finalFrom }));
}

const answer = await waitForAnswer(client, prepared.id, trust, {
  chain,
  // A laptop's chain may have a time of its own.
  maxAgeSeconds: 600,
  signal: AbortSignal.timeout(120_000),
  // The question is on the chain before the server's tables have it.
  patientSeconds: 30,
});
console.log(JSON.stringify({ question: prepared.id, status: answer.status, value: answer.value }));
