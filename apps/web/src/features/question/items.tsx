import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type QuestionDetail } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Hash } from "../../components/hash.tsx";
import { Failure, Skeleton } from "../../components/states.tsx";
import { isProved } from "./proof.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

const PAGE = 50;

/** The answers of a vector, a page at a time, each with its proof checked here when one asks for it. */
export function Items({ question, root }: { question: QuestionDetail; root: string }) {
  const [from, setFrom] = useState(0);
  const count = question.schema.items?.names?.length ?? question.schema.items?.count ?? 0;
  const page = useQuery({
    queryKey: ["items", question.id, root, from],
    queryFn: () => api.listItems({ id: question.id, from, limit: PAGE }),
  });
  if (page.error) return <Failure error={page.error} retry={() => void page.refetch()} />;
  if (!page.data) return <Skeleton lines={6} />;
  return (
    <>
      <p className="mb-3 text-sm text-ink-3">
        <Trans>
          Root <Hash value={root} what={t`root`} />
        </Trans>
      </p>
      <table className="w-full text-left text-[0.9375rem]">
        <thead>
          <tr className="border-b border-rule text-sm text-ink-3">
            <th className="py-1.5 font-semibold">{t`Item`}</th>
            <th className="font-semibold">{t`Answer`}</th>
            <th className="text-right font-semibold">{t`Proof`}</th>
          </tr>
        </thead>
        <tbody>
          {page.data.items.map(({ index, name, label }) => (
            <tr key={index} className="border-b border-rule">
              <td className="py-1.5 break-all" dir="auto">
                {name}
              </td>
              <td className="num">{sayAnswer(label)}</td>
              <td className="text-right">
                <Proof question={question.id} index={index} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className={`mt-3 flex items-center gap-3 ${count > PAGE ? "" : "hidden"}`}>
        <Button size="small" disabled={from === 0} onClick={() => setFrom(from - PAGE)}>{t`Before`}</Button>
        <Button
          size="small"
          disabled={from + PAGE >= count}
          onClick={() => setFrom(from + PAGE)}
        >{t`After`}</Button>
        <span className="num text-sm text-ink-3">
          <Trans>
            {from + 1} to {Math.min(from + PAGE, count)} of {count}
          </Trans>
        </span>
      </div>
    </>
  );
}

function Proof({ question, index }: { question: string; index: number }) {
  const [wanted, setWanted] = useState(false);
  const item = useQuery({
    queryKey: ["item", question, index],
    queryFn: () => api.getItem({ id: question, index }),
    enabled: wanted,
  });
  if (!wanted || item.error)
    return (
      <Button
        size="small"
        look="plain"
        onClick={() => {
          setWanted(true);
          if (item.error) void item.refetch();
        }}
      >
        {item.error ? t`Try again` : t`Check`}
      </Button>
    );
  if (!item.data) return <span className="text-sm text-ink-3">…</span>;
  return isProved(item.data) ? (
    <span className="text-sm font-semibold">{t`leads to the root`}</span>
  ) : (
    <span className="text-sm font-semibold text-bad">{t`does not lead to the root`}</span>
  );
}
