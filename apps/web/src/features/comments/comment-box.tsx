import { t } from "@lingui/core/macro";
import { commentComplaint, MOST_CHARACTERS } from "@sooth/markets/core";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { LongTextField } from "../../components/field.tsx";
import { Failure } from "../../components/states.tsx";
import { sentence } from "../../error-text.ts";
import { characters } from "../../format/room.ts";
import { SignInButton } from "../session/sign-in-button.tsx";
import { useSession } from "../session/use-session.ts";
import { useComments } from "./use-comments.ts";

const ROOM = characters(MOST_CHARACTERS);

/** Where one writes: a new thread, or a reply to one. Whoever is not signed in is told how, and why. */
export function CommentBox({
  market,
  parent,
  onDone,
}: {
  market: string;
  parent: string | null;
  onDone?: () => void;
}) {
  const session = useSession();
  const { post } = useComments(market);
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  if (session.address === undefined)
    return (
      <div className="rounded-md border border-dashed border-rule-2 p-3">
        <p className="mb-2 text-sm text-ink-2">
          {session.account
            ? t`To comment or react, sign a short message with your wallet. It sends no transaction and costs nothing.`
            : t`To comment or react, connect a wallet and sign in with it. It costs nothing.`}
        </p>
        <SignInButton />
      </div>
    );
  const complaint = commentComplaint(text.trim());
  const send = async () => {
    setTried(true);
    if (complaint !== null) return;
    await post.mutateAsync({ text, parent });
    setText("");
    setTried(false);
    onDone?.();
  };
  const isLong = text.length > MOST_CHARACTERS;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        // What went wrong is shown below.
        send().catch(() => {});
      }}
    >
      <LongTextField
        label={parent === null ? t`What do you say to it?` : t`Your reply`}
        quietLabel
        placeholder={parent === null ? t`What do you say to it?` : t`Your reply`}
        value={text}
        room={ROOM}
        rows={parent === null ? 3 : 2}
        error={tried && complaint !== null && !isLong ? sentence(complaint) : undefined}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <Button type="submit" look="primary" size="small" busy={post.isPending}>
          {parent === null ? t`Comment` : t`Reply`}
        </Button>
        {onDone && (
          <Button size="small" look="plain" onClick={onDone}>
            {t`Cancel`}
          </Button>
        )}
        <span className="text-sm text-ink-3">{t`Plain text. It cannot be changed, only deleted.`}</span>
      </div>
      {post.error && (
        <div className="mt-3">
          <Failure error={post.error} />
        </div>
      )}
    </form>
  );
}
