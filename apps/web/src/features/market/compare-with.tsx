import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Market } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { SelectField } from "../../components/field.tsx";
import { comparableQuery, similarQuestionsQuery } from "../../queries.ts";
import { rivalsOf } from "./rivals.ts";

const MOST_OFFERED = 12;

/** Chooses another market to be drawn beside this one. Nothing is asked of the server before somebody wants it. */
export function CompareWith({
  market,
  other,
  onChange,
}: {
  market: Market;
  other: Market | undefined;
  onChange: (other: Market | undefined) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const similar = useQuery({ ...similarQuestionsQuery(market.title), enabled: isOpen });
  const largest = useQuery({ ...comparableQuery(market.question.schema.kind), enabled: isOpen });
  if (!isOpen)
    return (
      <Button size="small" onClick={() => setOpen(true)}>
        {t`Compare with a market`}
      </Button>
    );
  const rivals = rivalsOf(market, [...(similar.data ?? []), ...(largest.data ?? [])], MOST_OFFERED);
  if (similar.isLoading || largest.isLoading)
    return (
      <p role="status" className="text-sm text-ink-2">
        {t`Looking for markets…`}
      </p>
    );
  if (rivals.length === 0)
    return (
      <p role="status" className="text-sm text-ink-2">
        {t`No other market of this kind took stakes at that time.`}
      </p>
    );
  return (
    <div className="w-64 max-w-full">
      <SelectField
        quietLabel
        label={t`Compare with`}
        // The button that was pressed is gone; whoever pressed it goes on here.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        className="py-1! text-sm"
        value={other?.id ?? ""}
        onChange={(event) => onChange(rivals.find(({ id }) => id === event.target.value))}
      >
        <option value="">{t`Compare with…`}</option>
        {rivals.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </SelectField>
    </div>
  );
}
