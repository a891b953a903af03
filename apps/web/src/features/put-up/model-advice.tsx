import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { api } from "../../api.ts";
import { announce } from "../../components/announcer.tsx";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/states.tsx";

const LEAST = 10;

/** How a language model of the operator's reads the statement, where the writer asks. It decides nothing, and changes nothing by itself. */
export function ModelAdvice({
  statement,
  onWording,
}: {
  statement: string;
  onWording: (wording: string) => void;
}) {
  const asked = statement.trim();
  const ask = useMutation({
    mutationFn: async (about: string) => ({ about, ...(await api.adviseStatement({ statement: about })) }),
  });
  // What was said of other words is not said of these.
  const advice = ask.data?.about === asked ? ask.data : undefined;
  return (
    <section aria-label={t`Advice of a language model`}>
      <h2 className="label mb-2">{t`A second reader`}</h2>
      {advice === undefined && (
        <>
          <p className="mb-3 text-[0.9375rem] text-ink-2">
            <Trans>
              A language model says how the statement could be misread. It is sent to the service of whoever
              runs this site.
            </Trans>
          </p>
          <Button
            size="small"
            disabled={asked.length < LEAST}
            busy={ask.isPending}
            onClick={() => ask.mutate(asked)}
          >{t`Ask for advice`}</Button>
          {ask.error && (
            <div className="mt-3">
              <Failure error={ask.error} />
            </div>
          )}
        </>
      )}
      <div aria-live="polite" className="grid gap-3 text-[0.9375rem]">
        {advice && advice.why.length === 0 && advice.wording === null && (
          <p className="text-ink-2">{t`It found one way to read this.`}</p>
        )}
        {advice && advice.why.length > 0 && (
          <ul className="grid gap-3 text-ink-2">
            {advice.why.map((why) => (
              <li key={why} className="border-l-2 border-gold pl-3" dir="auto">
                {why}
              </li>
            ))}
          </ul>
        )}
        {advice && advice.readings.length > 0 && (
          <div>
            <p className="font-semibold">{t`It could mean`}</p>
            <ol className="list-decimal pl-5 text-ink-2">
              {advice.readings.map((reading) => (
                <li key={reading} dir="auto">
                  {reading}
                </li>
              ))}
            </ol>
          </div>
        )}
        {advice && advice.wording !== null && (
          <div className="grid justify-items-start gap-2">
            <p className="font-semibold">{t`Clearer, it says`}</p>
            <blockquote className="border-l-2 border-accent pl-3" dir="auto">
              {advice.wording}
            </blockquote>
            <Button
              size="small"
              onClick={() => {
                if (advice.wording === null) return;
                onWording(advice.wording);
                announce(t`The statement was reworded`);
              }}
            >{t`Use this wording`}</Button>
          </div>
        )}
        {advice && <p className="text-sm text-ink-3">{t`By ${advice.model}. It may be wrong.`}</p>}
      </div>
    </section>
  );
}
