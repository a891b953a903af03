import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Committee, type Replacement } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Failure } from "../../components/states.tsx";
import { complaintsOf } from "./five-members.ts";

/** Names five who shall sit. The fields start from those who do: most often one or two keys are lost. */
export function ProposeFive({
  committee,
  onProposed,
}: {
  committee: Committee;
  onProposed: (replacement: Replacement) => void;
}) {
  const [texts, setTexts] = useState<readonly string[]>(committee.members);
  const [asked, setAsked] = useState(false);
  const complaints = complaintsOf(texts, committee.members);
  const prepare = useMutation({
    mutationFn: () => api.prepareReplacement({ members: texts.map((text) => text.trim()) }),
    onSuccess: (replacement) => {
      onProposed(replacement);
      setAsked(false);
    },
  });
  return (
    <details>
      <summary className="cursor-pointer font-semibold text-accent">{t`Propose a change of members`}</summary>
      <form
        className="mt-4 grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (complaints === null) prepare.mutate();
        }}
      >
        <p className="max-w-[62ch] text-[0.9375rem] text-ink-2">
          <Trans>
            Five who shall sit, keys or contracts. All are seated anew at once, by {committee.needed}{" "}
            signatures of those who sit now; who signs first proposes it.
          </Trans>
        </p>
        {texts.map((text, seat) => (
          <TextField
            key={committee.members[seat]}
            label={t`Seat ${seat + 1}`}
            className="font-mono text-sm"
            spellCheck={false}
            value={text}
            error={asked ? complaints?.[seat] : undefined}
            onChange={({ target: { value } }) => setTexts(texts.with(seat, value))}
          />
        ))}
        {prepare.error && <Failure error={prepare.error} />}
        <div>
          <Button type="submit" busy={prepare.isPending}>{t`Show what is signed`}</Button>
        </div>
      </form>
    </details>
  );
}
