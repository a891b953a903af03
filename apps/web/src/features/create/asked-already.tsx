import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MarketStatus } from "../../components/status.tsx";
import { similarQuestionsQuery } from "../../queries.ts";
import { nearest } from "./likeness.ts";
import { useSettled } from "./use-settled.ts";

const MOST_SHOWN = 3;

/** Markets that ask much the same: a second one would split the stakes of those who agree on what they ask. */
export function AskedAlready({ text }: { text: string }) {
  const asked = useSettled(text.trim());
  const found = useQuery(similarQuestionsQuery(asked));
  const near = nearest(asked, found.data ?? [], ({ title }) => title, MOST_SHOWN);
  return (
    <aside aria-label={t`Asked already`} aria-live="polite">
      {near.length > 0 && (
        <>
          <h2 className="label mb-2">{t`Asked already`}</h2>
          <ul className="grid gap-3 text-[0.9375rem]">
            {near.map(({ id, title, status }) => (
              <li key={id}>
                <Link to="/markets/$id" params={{ id }} className="underline underline-offset-4" dir="auto">
                  {title}
                </Link>
                <span className="block text-sm">
                  <MarketStatus status={status} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}
