import { t } from "@lingui/core/macro";
import { defineErrors } from "@sooth/kernel";
import { formatAbsolute } from "../../format/time.ts";

export const WalletError = defineErrors("wallet", {
  not_ready: { status: 503, retry: true, text: () => t`The wallet part of the page is still loading.` },
  not_connected: { status: 401, text: () => t`Connect a wallet first.` },
  unknown_chain: {
    status: 400,
    text: (d: { chainId: number }) =>
      t`This server does not name chain ${d.chainId}, so nothing can be sent there from this page.`,
  },
  rejected: { status: 400, text: () => t`You declined in the wallet. Nothing was sent.` },
  reverted: { status: 409, text: (d: { reason: string }) => d.reason },
  no_gas: {
    status: 402,
    text: () => t`This wallet holds too little of the chain's coin to pay for the transaction.`,
  },
  failed: { status: 502, retry: true, text: (d: { reason: string }) => d.reason },
  wrong_chain: {
    status: 409,
    text: (d: { wanted: number; got: number }) =>
      t`Your wallet sent it to chain ${d.got} in place of ${d.wanted}. Look there before you start again.`,
  },
  batch_partial: {
    status: 409,
    text: () => t`Your wallet did only a part of it. Look what is there before you start again.`,
  },
  batch_silent: {
    status: 504,
    retry: true,
    text: () =>
      t`Your wallet does not say yet what became of it. Trying this step again asks once more; nothing is sent twice.`,
  },
  batch_lost: {
    status: 502,
    retry: true,
    text: () =>
      t`Your wallet took it and does not say what became of it. Look whether it is there before you start again.`,
  },
  batch_unproven: {
    status: 502,
    retry: true,
    text: () =>
      t`Your wallet says that it is done, but the chain does not show it. Look whether it is there before you start again.`,
  },
  relay_failed: { status: 502, retry: true, text: (d: { reason: string }) => d.reason },
});

/** The faucet's own error, as the contract names it. */
export const TestDollarError = defineErrors("test_dollar", {
  too_soon: {
    status: 429,
    retry: true,
    text: (d: { nextAt: bigint }) => t`the faucet gives again at ${formatAbsolute(Number(d.nextAt))}`,
  },
});
