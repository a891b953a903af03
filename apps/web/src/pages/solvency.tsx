import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { Solvency } from "../api.ts";
import { Amount } from "../components/figures.tsx";
import { Hash } from "../components/hash.tsx";
import { CheckIcon, CrossIcon } from "../components/icons.tsx";
import { PageHead, Section, useTitle } from "../components/page.tsx";
import { Failure, Skeleton } from "../components/states.tsx";
import { TimeAgo } from "../components/time.tsx";
import { heldByChain } from "../features/solvency/held-by-chain.ts";
import { SetList } from "../features/solvency/set-list.tsx";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { solvencyQuery } from "../queries.ts";
import { useNetwork } from "../shell/use-network.ts";

const NAMES: Record<string, MessageDescriptor> = {
  markets: msg`Prediction pools`,
  opinions: msg`Opinion markets`,
  outcomeTokens: msg`Outcome tokens`,
};
const nameOf = (name: string): string => (NAMES[name] ? i18n._(NAMES[name]) : name);

/** What is owed to people, and what is there to pay it, as of the last block that the server has read. */
export function SolvencyPage() {
  useTitle(t`Solvency`);
  const found = useQuery(solvencyQuery);
  return (
    <>
      <PageHead title={t`Is the money there?`}>
        <Trans>
          Each contract holds what people staked until it pays it out. This is what it holds, by the chain,
          against all that it may still have to pay, by every market's rules.
        </Trans>
      </PageHead>
      {found.isPending && <Skeleton lines={5} />}
      {found.error && !found.data && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.data && (
        <>
          <p className="mb-6 text-ink-2">
            <Trans>
              As of block <b className="num text-ink">{found.data.block}</b>, <TimeAgo at={found.data.at} />.
              It changes with every block.
            </Trans>
          </p>
          <div className="grid gap-9">
            {found.data.contracts.map((contract) => (
              <Contract key={contract.address} contract={contract} block={found.data.block} />
            ))}
            {found.data.reading.map(({ name, address, through }) => (
              <Section key={address} title={nameOf(name)} aside={<Hash value={address} what={t`address`} />}>
                <p role="status" className="text-ink-2">
                  <Trans>
                    What it owes is not known yet: its past is being read, and block{" "}
                    <b className="num text-ink">{through}</b> is the last that was.
                  </Trans>
                </p>
              </Section>
            ))}
          </div>
        </>
      )}
    </>
  );
}

function Contract({ contract, block }: { contract: Solvency["contracts"][number]; block: number }) {
  const network = useNetwork();
  const { collateral } = network;
  const wallet = useWallet();
  const own = useQuery({
    queryKey: ["solvency", "own", contract.address, block],
    // Where the network names no node that pages may ask, the wallet's is asked.
    queryFn: () =>
      network.hub.rpcUrl ? heldByChain(network, contract.address) : wallet.balanceOf(contract.address),
    enabled: wallet.ready,
    retry: false,
  });
  const money = { decimals: collateral.decimals, symbol: collateral.symbol };
  const [held, owed] = [BigInt(contract.held), BigInt(contract.owed)];
  const whole = held >= owed;
  return (
    <Section title={nameOf(contract.name)} aside={<Hash value={contract.address} what={t`address`} />}>
      <p
        role={whole ? "status" : "alert"}
        className={`flex items-center gap-1.5 text-lg font-semibold ${whole ? "text-accent" : "text-bad"}`}
      >
        {whole ? <CheckIcon className="text-xl" /> : <CrossIcon className="text-xl" />}
        {whole ? t`Everything owed is there` : t`It holds less than it owes`}
      </p>
      <dl className="mt-3 grid max-w-[32rem] grid-cols-[1fr_auto] gap-x-6 gap-y-1.5">
        <dt>{t`Held`}</dt>
        <dd className="text-right font-semibold">
          <Amount value={held} {...money} />
        </dd>
        <dt>{t`Owed at most`}</dt>
        <dd className="text-right font-semibold">
          <Amount value={owed} {...money} />
        </dd>
        <dt className="text-ink-2">{whole ? t`Left over` : t`Missing`}</dt>
        <dd className="text-right text-ink-2">
          <Amount value={whole ? held - owed : owed - held} {...money} />
        </dd>
      </dl>
      <p className="mt-3 max-w-[68ch] text-sm text-ink-2">
        <Trans>
          What is left over is what rounding down left behind, and what was sent there by mistake.
        </Trans>
        {own.data !== undefined && (
          <>
            {" "}
            <Trans>
              This page asked the chain itself just now: it holds <Amount value={own.data} {...money} />.
            </Trans>
          </>
        )}
      </p>
      {contract.name === "outcomeTokens" && <SetList />}
    </Section>
  );
}
