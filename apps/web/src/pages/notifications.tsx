import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api.ts";
import { announce } from "../components/announcer.tsx";
import { Button } from "../components/button.tsx";
import { LoadMore, PageHead, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { ChannelSettings } from "../features/news/channels.tsx";
import { KindSwitches } from "../features/news/kind-switches.tsx";
import { NewsList } from "../features/news/news-list.tsx";
import { SignInButton } from "../features/session/sign-in-button.tsx";
import { useSession } from "../features/session/use-session.ts";
import { notificationsQuery } from "../queries.ts";

export function NotificationsPage() {
  useTitle(t`Notifications`);
  const { account, address } = useSession();
  if (!account)
    return (
      <>
        <PageHead title={t`Notifications`}>
          {t`What becomes of your stakes, questions, comments and bundles.`}
        </PageHead>
        <Empty title={t`Connect a wallet to see its notifications`} action={<SignInButton size="normal" />} />
      </>
    );
  return <WalletNews key={`${account.address} ${address}`} wallet={account.address} signedIn={!!address} />;
}

function WalletNews({ wallet, signedIn }: { wallet: string; signedIn: boolean }) {
  const client = useQueryClient();
  const news = useInfiniteQuery(notificationsQuery(wallet, signedIn));
  const [first] = news.data?.pages ?? [];
  const items = news.data?.pages.flatMap((page) => page.items) ?? [];
  const newest = items[0]?.at;
  const read = useMutation({
    mutationFn: (until: number) => api.markRead({ until }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["notifications"] });
      announce(t`All is marked as read`);
    },
  });
  const unread = first?.unread ?? 0;
  return (
    <>
      <PageHead
        title={t`Notifications`}
        action={
          unread > 0 &&
          newest !== undefined && (
            <Button busy={read.isPending} onClick={() => read.mutate(newest)}>
              {t`Mark all as read`}
            </Button>
          )
        }
      >
        <Trans>
          What becomes of your stakes, questions, comments and bundles. The same, but for private bundles, as{" "}
          <a href={`/v1/wallets/${wallet}/notifications.atom`} className="underline underline-offset-4">
            a feed
          </a>{" "}
          for your reader.
        </Trans>
      </PageHead>
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0">
          {read.error && <Failure error={read.error} />}
          {news.isPending && <Skeleton lines={6} />}
          {news.error && items.length === 0 && (
            <Failure error={news.error} retry={() => void news.refetch()} />
          )}
          {news.isSuccess && items.length === 0 && (
            <Empty
              title={t`Nothing yet`}
            >{t`Stake on a market, ask a question or say something below one.`}</Empty>
          )}
          {items.length > 0 && <NewsList items={items} until={first?.until ?? null} />}
          <LoadMore
            more={news.hasNextPage}
            busy={news.isFetchingNextPage}
            onMore={() => void news.fetchNextPage()}
          />
        </div>
        <aside aria-label={t`Settings`} className="panel content-start self-start p-4 sm:p-5">
          {first?.off ? (
            <div className="grid gap-6">
              <KindSwitches off={first.off} />
              <ChannelSettings wallet={wallet} />
            </div>
          ) : (
            <>
              <p className="mb-3 text-sm text-ink-2">
                <Trans>
                  Sign in to keep what you have read, and to choose what you are told of. It costs nothing.
                </Trans>
              </p>
              <SignInButton />
            </>
          )}
        </aside>
      </div>
    </>
  );
}
