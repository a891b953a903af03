import { t } from "@lingui/core/macro";
import type { Pledge } from "../../api.ts";
import { pledgeWords } from "./pledge-words.ts";

/**
 * The promise word for word, and what is expressly not promised. It is given in English: said in another language it has the
 * original below it.
 */
export function Pledges({ pledges }: { pledges: readonly Pledge[] }) {
  const [kept, not] = [pledges.filter((one) => one.kept), pledges.filter((one) => !one.kept)];
  return (
    <div className="grid gap-3 text-[0.9375rem]">
      <List pledges={kept} look="border-accent" />
      {not.length > 0 && (
        <div>
          <p className="mb-1.5 font-semibold">{t`What is not promised`}</p>
          <List pledges={not} look="border-gold" />
        </div>
      )}
      {pledges.some(({ says }) => pledgeWords(says) !== null) && (
        <details>
          <summary className="w-fit text-sm text-ink-2">
            {t`What counts is the English text. Read it word for word`}
          </summary>
          <div className="mt-2" lang="en">
            <List pledges={pledges} look="border-rule-2" isOriginal />
          </div>
        </details>
      )}
    </div>
  );
}

function List({
  pledges,
  look,
  isOriginal = false,
}: {
  pledges: readonly Pledge[];
  look: string;
  isOriginal?: boolean;
}) {
  return (
    <ul className="grid gap-2">
      {pledges.map(({ id, says }) => {
        const said = isOriginal ? null : pledgeWords(says);
        return (
          <li key={id} className={`border-l-2 pl-3 ${look}`}>
            <span className="num mr-1.5 text-sm font-semibold text-ink-2">{id}</span>
            {said ?? <span lang="en">{says}</span>}
          </li>
        );
      })}
    </ul>
  );
}
