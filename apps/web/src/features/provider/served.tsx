import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Link } from "@tanstack/react-router";
import type { ProviderDetail } from "../../api.ts";
import { TimeAgo } from "../../components/time.tsx";

const WORDS: Record<
  ProviderDetail["served"][number]["did"],
  { text: MessageDescriptor; tone: string; mark: string }
> = {
  counted: { text: msg`in the answer`, tone: "text-accent", mark: "bg-accent" },
  late: { text: msg`came too late`, tone: "text-gold", mark: "bg-gold" },
  missed: { text: msg`missed`, tone: "text-bad", mark: "bg-bad" },
};

/** Every answer of an epoch that seated him: a bead each, and the words beside it. */
export function Served({ provider }: { provider: ProviderDetail }) {
  const { served } = provider;
  if (served.length === 0)
    return <p className="text-ink-2">{t`Nothing was answered while this provider held a seat.`}</p>;
  return (
    <>
      <p className="mb-3 flex flex-wrap gap-1" aria-hidden="true">
        {served.toReversed().map(({ question, did }) => (
          <span
            key={question}
            className={`h-4 w-2 rounded-sm ${WORDS[did].mark}`}
            title={i18n._(WORDS[did].text)}
          />
        ))}
      </p>
      <ul className="divide-y divide-rule">
        {served.map(({ question, text, at, did }) => (
          <li key={question} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 py-2.5">
            <Link
              to="/questions/$id"
              params={{ id: question }}
              className="question text-lg hover:text-accent"
              dir="auto"
            >
              {text}
            </Link>
            <span className="text-right text-sm">
              <span className={`block font-semibold ${WORDS[did].tone}`}>{i18n._(WORDS[did].text)}</span>
              <TimeAgo at={at} className="text-ink-3" />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
