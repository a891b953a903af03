import { receiptTypedData } from "@sooth/oracle/core";
import Fastify from "fastify";
import { keccak256, stringToHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";

/** The same HTTP library, which signs a receipt for whatever it is sent and does nothing else. Runs in its own process. */
const account = privateKeyToAccount(keccak256(stringToHex("sooth bench bare signer")));
const nothing = { chainId: 31_337, oracle: account.address, seat: 0, epoch: 1, round: 0 } as const;
const app = Fastify({ bodyLimit: 5_000_000 });
app.post("/", async ({ body }) => {
  const { question } = body as { question: `0x${string}` };
  const receipt = {
    ...nothing,
    kind: "report" as const,
    question,
    subject: account.address,
    accepted: question,
    receivedAt: 1,
    finalFrom: 2,
    finalBy: 3,
  };
  return { receipt, signature: await account.signTypedData(receiptTypedData(receipt)) };
});
const url = await app.listen({ port: 0, host: "127.0.0.1" });
process.on("disconnect", () => process.exit(0));
process.send?.(url);
