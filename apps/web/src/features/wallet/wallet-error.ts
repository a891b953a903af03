import { defineErrors } from "@sooth/kernel";
import { formatAbsolute } from "../../format/time.ts";

export const WalletError = defineErrors("wallet", {
  not_ready: { status: 503, retry: true, text: () => "The wallet part of the page is still loading." },
  not_connected: { status: 401, text: () => "Connect a wallet first." },
  unknown_chain: {
    status: 400,
    text: (d: { chainId: number }) =>
      `This server does not name chain ${d.chainId}, so nothing can be sent there from this page.`,
  },
  rejected: { status: 400, text: () => "You declined in the wallet. Nothing was sent." },
  reverted: { status: 409, text: (d: { reason: string }) => d.reason },
  no_gas: {
    status: 402,
    text: () => "This wallet holds too little of the chain's coin to pay for the transaction.",
  },
  failed: { status: 502, retry: true, text: (d: { reason: string }) => d.reason },
  relay_failed: { status: 502, retry: true, text: (d: { reason: string }) => d.reason },
});

/** The faucet's own error, as the contract names it. */
export const TestDollarError = defineErrors("test_dollar", {
  too_soon: {
    status: 429,
    retry: true,
    text: (d: { nextAt: bigint }) => `the faucet gives again at ${formatAbsolute(Number(d.nextAt))}`,
  },
});
