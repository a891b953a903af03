import { t } from "@lingui/core/macro";
import { i18n } from "@lingui/core";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, type Portfolio } from "../api.ts";
import { Button, LinkButton } from "../components/button.tsx";
import { Amount, Fact } from "../components/figures.tsx";
import { PageHead, Section, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { HEADS } from "../first-pages.ts";
import { saveText } from "../download.ts";
import { type CreatorFee, type Lot, lotsCsv } from "../features/market/lots-csv.ts";
import { type HeldOpinion, portfolioCsv } from "../features/market/portfolio-csv.ts";
import { PositionList } from "../features/market/positions.tsx";
import { ClaimButton } from "../features/claims/claim-button.tsx";
import { OpinionsToClaim } from "../features/claims/opinions-to-claim.tsx";
import { OwnDisputes } from "../features/dispute/own-disputes.tsx";
import { OwnOpinions } from "../features/opinion/own-opinions.tsx";
import { Held } from "../features/provider/held.tsx";
import { WalletRecord } from "../features/records/wallet-record.tsx";
import { FaucetButton } from "../features/wallet/account-button.tsx";
import { useBalance } from "../features/wallet/use-balance.ts";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { shortHex } from "../format/hex.ts";
import { claimableOpinionsQuery, creatorFeesQuery, portfolioQuery, walletOpinionsQuery } from "../queries.ts";
import { useNetwork } from "../shell/use-network.ts";

export function PortfolioPage() {
  useTitle(t`Portfolio`);
  const wallet = useWallet();
  const address = wallet.account?.address;
  const portfolio = useQuery(portfolioQuery(address));
  if (!address)
    return (
      <>
        <PageHead title={i18n._(HEADS.portfolio.title)}>{i18n._(HEADS.portfolio.about)}</PageHead>
        <Empty
          title={t`No wallet is connected`}
          action={
            <Button look="primary" busy={!wallet.ready} onClick={wallet.ask}>
              {t`Connect a wallet`}
            </Button>
          }
        >
          {t`Your stakes, what they would pay and what can be claimed stand here.`}
        </Empty>
      </>
    );
  return (
    <>
      <PageHead
        title={i18n._(HEADS.portfolio.title)}
        action={
          <div className="flex flex-wrap gap-2">
            <FaucetButton />
            <CsvButton address={address} portfolio={portfolio.data} />
            <a
              className="inline-flex min-h-9 items-center px-2 text-sm text-ink-2 underline underline-offset-4"
              href={`/v1/portfolio/${address}/feed.atom`}
            >
              {t`News as a feed`}
            </a>
          </div>
        }
      >
        {t`Everything that ${wallet.account?.name ?? shortHex(address)} has staked.`}
      </PageHead>
      {portfolio.data ? (
        <Holdings address={address} portfolio={portfolio.data} />
      ) : portfolio.error ? (
        <Failure error={portfolio.error} retry={() => void portfolio.refetch()} />
      ) : (
        <Skeleton lines={6} />
      )}
    </>
  );
}

/** Positions and opinions in one file; opinions are asked for page by page once somebody wants it. */
function CsvButton({ address, portfolio }: { address: string; portfolio: Portfolio | undefined }) {
  const { collateral } = useNetwork();
  const opinions = useInfiniteQuery(walletOpinionsQuery(address));
  const fees = useQuery(creatorFeesQuery(address));
  const save = useMutation({
    mutationFn: async (positions: Portfolio) => {
      const text = portfolioCsv(positions, await allOpinions(address), collateral);
      saveText(`sooth-portfolio-${address.slice(0, 8)}.csv`, text, "text/csv");
    },
  });
  const saveLots = useMutation({
    mutationFn: async () => {
      const [lots, held, paid] = await Promise.all([
        allLots(address),
        allOpinions(address),
        allFees(address),
      ]);
      const text = lotsCsv(lots, held, paid, collateral);
      saveText(`sooth-tax-lots-${address.slice(0, 8)}.csv`, text, "text/csv");
    },
  });
  if (!portfolio) return null;
  const isEmpty =
    portfolio.positions.length === 0 &&
    (opinions.data?.pages[0]?.items.length ?? 0) === 0 &&
    (fees.data?.items.length ?? 0) === 0;
  if (isEmpty) return null;
  return (
    <>
      <Button size="small" busy={save.isPending} onClick={() => save.mutate(portfolio)}>
        {t`Save as CSV`}
      </Button>
      <Button size="small" busy={saveLots.isPending} onClick={() => saveLots.mutate()}>
        {t`Tax lots as CSV`}
      </Button>
      {[save.error, saveLots.error].map(
        (error) =>
          error && (
            <p key={error.message} role="alert" className="text-sm text-bad">
              {error.message}
            </p>
          ),
      )}
    </>
  );
}

const allOpinions = (address: string): Promise<HeldOpinion[]> =>
  allPages((cursor) => api.listWalletOpinions({ address, cursor, limit: 100 }));
const allLots = (address: string): Promise<Lot[]> =>
  allPages((cursor) => api.listStakeLots({ address, cursor, limit: 100 }));
const allFees = (address: string): Promise<CreatorFee[]> =>
  allPages((cursor) => api.listCreatorFees({ address, cursor, limit: 100 }));

async function allPages<T>(
  page: (cursor: string | undefined) => Promise<{ items: T[]; next: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await page(cursor);
    all.push(...items);
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return all;
}

function Holdings({ address, portfolio }: { address: string; portfolio: Portfolio }) {
  const { collateral, keeper } = useNetwork();
  const balance = useBalance();
  const { positions } = portfolio;
  const opinions = useInfiniteQuery(walletOpinionsQuery(address));
  const fees = useQuery(creatorFeesQuery(address));
  const [sums] = opinions.data?.pages ?? [];
  const opinionsDue = useQuery(claimableOpinionsQuery(address)).data ?? [];
  if (opinions.isPending || fees.isPending) return <Skeleton lines={6} />;
  const amount = (value: bigint | string) => (
    <Amount value={value} decimals={collateral.decimals} symbol={collateral.symbol} />
  );
  /** On outcomes and with opinions, whose sums come with any page of them. */
  const both = (name: "staked" | "claimable" | "paidIn" | "paidOut") =>
    sums ? amount(BigInt(portfolio[name]) + BigInt(sums[name])) : t`not known`;
  const open = positions.filter(({ state }) => state === "open");
  const due = positions.filter(({ state }) => state === "won" || state === "refund");
  const past = positions.filter(({ state }) => state === "lost" || state === "claimed");
  return (
    <div className="grid gap-9">
      <dl className="panel grid grid-cols-2 gap-x-8 gap-y-4 p-5 sm:grid-cols-3 lg:grid-cols-6">
        <Fact label={t`In the wallet`}>{amount(balance ?? portfolio.collateral)}</Fact>
        <Fact label={t`At stake`}>{both("staked")}</Fact>
        <Fact label={t`To claim`}>{both("claimable")}</Fact>
        <Fact label={t`Paid in, ever`}>{both("paidIn")}</Fact>
        <Fact label={t`Paid out, ever`}>{both("paidOut")}</Fact>
        <Fact label={t`Oracle credit`}>{amount(portfolio.credit)}</Fact>
        {fees.data && fees.data.total !== "0" && (
          <Fact label={t`Creator’s fees, ever`}>{amount(fees.data.total)}</Fact>
        )}
      </dl>
      <Held owner={address} />
      {positions.length === 0 && (
        <Empty
          title={t`No stakes on outcomes yet`}
          action={
            <LinkButton to="/" look="primary">
              {t`Find a market`}
            </LinkButton>
          }
        >
          {t`Pick an outcome, sign once, and it shows up here.`}
        </Empty>
      )}
      {due.length + opinionsDue.length > 0 && (
        <Section title={t`To claim`}>
          <PositionList positions={due} titles />
          <OpinionsToClaim opinions={opinionsDue} />
          <div className="mt-4 max-w-md">
            <ClaimButton owner={address} claimable={{ positions: due, opinions: opinionsDue }} />
            <p className="mt-2 text-sm text-ink-3">
              {keeper.claims
                ? t`Anyone may send a claim for you, and this server does after a while. Nobody but you can be paid.`
                : t`Anyone may send a claim for you; this server does not, so claim here. Nobody but you can be paid.`}
            </p>
          </div>
        </Section>
      )}
      {open.length > 0 && (
        <Section title={t`Open`} aside={`${open.length}`}>
          <PositionList positions={open} titles />
        </Section>
      )}
      <OwnOpinions address={address} />
      <OwnDisputes account={address} />
      {past.length > 0 && (
        <Section title={t`Past`} aside={`${past.length}`}>
          <PositionList positions={past} titles />
        </Section>
      )}
      <Section
        title={t`Record`}
        aside={
          <Link to="/leaderboard" className="underline underline-offset-4">
            {t`Leaderboard`}
          </Link>
        }
      >
        <WalletRecord address={address} />
      </Section>
    </div>
  );
}
