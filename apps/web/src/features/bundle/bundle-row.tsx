import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { BundleRow as Row } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { Status } from "../../components/status.tsx";
import { Countdown, TimeAgo } from "../../components/time.tsx";
import { LIST } from "../../first-pages.ts";
import { shortHex } from "../../format/hex.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { Coin } from "./coin.tsx";
import { useChainTitle } from "./use-chains.ts";
import { listed, modeWords, statusWords } from "./words.ts";

/** One bundle in a list; its id is all the name it has. */
export function BundleRow({ bundle }: { bundle: Row }) {
  const title = useChainTitle();
  const names = useWalletNames();
  const { id, owner, mode, legs, chains, status, deadline, outcome, openedAt } = bundle;
  return (
    <li className={LIST.row}>
      <div className={LIST.words}>
        <Link to="/bundles/$id" params={{ id }} className={LIST.name}>
          {modeWords(mode).name}, {plural(legs, { one: "# leg", other: "# legs" })}
          {chains.length > 0 && <> {t`on ${listed(chains.map(title))}`}</>}
        </Link>
        <div className={LIST.state}>
          <Status {...statusWords(status)} />
          <span className="num">{shortHex(id)}</span>
          {outcome === "open" ? (
            <span>
              <Trans>
                deadline in <Countdown at={deadline} past={t`a moment ago`} />
              </Trans>
            </span>
          ) : (
            openedAt !== null && (
              <span>
                <Trans>
                  opened <TimeAgo at={openedAt} />
                </Trans>
              </span>
            )
          )}
        </div>
      </div>
      <p className="relative z-10 min-w-0 self-center text-sm">
        <span className="block text-ink-3">{t`Owner`}</span>
        <Hash value={owner} name={names(owner)} />
      </p>
      <p className="self-center text-right text-sm">
        <span className="block text-ink-3">{t`Fee`}</span>
        <span className="num font-semibold">
          <Coin wei={bundle.fee} />
        </span>
      </p>
    </li>
  );
}
