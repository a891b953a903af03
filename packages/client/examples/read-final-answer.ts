/**
 * Reads a final answer and believes nobody but the chain: the gateway's signature first, then the contract at the block
 * that the gateway names.
 *
 *   node read-final-answer.ts API_URL RPC_URL QUESTION [GATEWAY]
 *
 * GATEWAY is the address whose signature you trust. Without it the server's own word is taken for this once.
 */
import { createClient, readAnswer, trustOf } from "@sooth/client";
import { createPublicClient, http } from "viem";

const [apiUrl = "", rpcUrl = "", question = "", gateway] = process.argv.slice(2);
const client = createClient({ baseUrl: apiUrl });
const network = await client.getNetwork();
const trust = { ...trustOf(network), ...(gateway === undefined ? {} : { signers: [gateway] }) };

const chain = createPublicClient({ transport: http(rpcUrl) });
const { timestamp } = await chain.getBlock();
const answer = await readAnswer(client, question, trust, { chain, now: () => Number(timestamp) });

if (answer.status !== "final") throw new Error(`not final: ${answer.status}`);
console.log(JSON.stringify({ question, value: answer.value, block: answer.block.number, verified: true }));
