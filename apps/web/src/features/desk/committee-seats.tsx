import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Replacement } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { Section } from "../../components/page.tsx";
import { Failure, Skeleton } from "../../components/states.tsx";
import { committeeQuery } from "../../queries.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { ProposeFive } from "./propose-five.tsx";
import { ReplacementCard } from "./replacement-card.tsx";

/** Who approves, by how many, and the changes that members have signed. */
export function CommitteeSeats() {
  const seats = useQuery(committeeQuery);
  const names = useWalletNames();
  /** Worked out here, and signed by nobody yet. */
  const [proposed, setProposed] = useState<Replacement>();
  if (seats.isPending) return <Skeleton lines={5} />;
  if (!seats.data) return <Failure error={seats.error} retry={() => void seats.refetch()} />;
  const { committee, contracts, replacements } = seats.data;
  if (!committee) return null;
  const isNew =
    proposed !== undefined &&
    proposed.number === committee.replacements + 1 &&
    replacements.every(({ digest }) => digest !== proposed.digest);
  const changes = isNew ? [...replacements, proposed] : replacements;
  return (
    <Section
      className="mt-12"
      title={t`Committee`}
      aside={t`${committee.needed} of ${committee.members.length} sign`}
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-8 lg:grid-cols-[21rem_minmax(0,1fr)]">
        <div>
          <ul className="divide-y divide-rule" aria-label={t`Who sits`}>
            {committee.members.map((member) => (
              <li key={member} className="flex items-center justify-between gap-3 py-1.5">
                <Hash value={member} name={names(member)} />
                <span className="text-sm text-ink-3">
                  {contracts.includes(member) ? t`a contract` : t`a key`}
                </span>
              </li>
            ))}
          </ul>
          <p className="mt-3 text-sm text-ink-2">
            {committee.replacements === 0
              ? t`The first five.`
              : plural(committee.replacements, {
                  one: "Seated anew once.",
                  other: "Seated anew # times.",
                })}{" "}
            <Trans>
              Contract <Hash value={committee.address} />
            </Trans>
          </p>
        </div>
        <div className="grid min-w-0 content-start gap-6">
          {changes.map((replacement) => (
            <ReplacementCard key={replacement.digest} committee={committee} replacement={replacement} />
          ))}
          <ProposeFive
            // Once others sit the fields start from them.
            key={committee.replacements}
            committee={committee}
            onProposed={setProposed}
          />
        </div>
      </div>
    </Section>
  );
}
