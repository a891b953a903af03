import { t } from "@lingui/core/macro";
import { newsPath, newsWords } from "@sooth/markets/core";
import { Link } from "@tanstack/react-router";
import type { News } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { shortHex } from "../../format/hex.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";

type Typed = Parameters<typeof newsWords>[0];

/** What a wallet is told of, the latest first; what it has not read stands out, for eyes and for screen readers. */
export function NewsList({ items, until }: { items: readonly News[]; until: number | null }) {
  const names = useWalletNames();
  const { collateral } = useNetwork();
  return (
    <ol className="divide-y divide-rule" aria-label={t`Notifications`}>
      {items.map((news) => {
        const isNew = until !== null && news.at > until;
        const [path = "", hash] = newsPath(news as Typed).split("#");
        return (
          <li key={news.id} className={`flex gap-3 py-3 ${isNew ? "font-semibold" : ""}`}>
            <span
              className={`mt-2 size-2 shrink-0 rounded-full ${isNew ? "bg-accent" : "bg-transparent"}`}
              aria-hidden="true"
            />
            <p className="min-w-0 flex-1 wrap-anywhere">
              {isNew && <span className="sr-only">{t`New:`} </span>}
              <Link to={path} hash={hash} className="hover:underline" dir="auto">
                {newsWords(news as Typed, (address) => names(address) ?? shortHex(address))}
              </Link>
              {news.amount !== null && (
                <>
                  {" "}
                  <Amount
                    value={news.amount}
                    decimals={collateral.decimals}
                    symbol={collateral.symbol}
                    className="text-accent"
                  />
                </>
              )}
              <TimeAgo at={news.at} className="ml-2 text-sm font-normal text-ink-3" />
            </p>
          </li>
        );
      })}
    </ol>
  );
}
