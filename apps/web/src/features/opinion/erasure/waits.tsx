import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { Erasure } from "../../../api.ts";
import { useNow } from "../../../clock.ts";
import { Countdown } from "../../../components/time.tsx";

/** So many are named of the markets that it waits for. */
const NAMED = 3;

/** What it waits for: markets by their statements, those that close last first, or the time in which a stake may be on its way. */
export function Waits({ request }: { request: Erasure["request"] }) {
  const now = useNow();
  if (request === null) return <p className="font-semibold">{t`This text will be erased.`}</p>;
  const { markets, waitsFor, notBefore } = request;
  const named = waitsFor.slice(0, NAMED);
  if (markets === 0)
    return (
      <p className="font-semibold">
        <Trans>
          This text will be erased in <Countdown at={notBefore} past={t`a moment`} />.
        </Trans>
      </p>
    );
  return (
    <>
      <p className="font-semibold">
        <Plural
          value={markets}
          one="This text will be erased once this market has ended:"
          other="This text will be erased once these # markets have ended:"
        />
      </p>
      <ul className="grid gap-1">
        {named.map(({ market, statement, closesAt }) => (
          <li key={market} className="min-w-0">
            <Link
              to="/opinions/$id"
              params={{ id: market }}
              className="underline decoration-rule-2 underline-offset-4"
              dir="auto"
            >
              {statement}
            </Link>{" "}
            <span className="text-ink-2">
              {now < closesAt ? (
                <Trans>
                  (closes in <Countdown at={closesAt} past={t`a moment`} />)
                </Trans>
              ) : (
                t`(closed, and not settled yet)`
              )}
            </span>
          </li>
        ))}
        {markets > named.length && (
          <li className="text-ink-2">
            <Plural value={markets - named.length} one="and # more" other="and # more" />
          </li>
        )}
      </ul>
    </>
  );
}
