import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Reaction } from "../../api.ts";
import { announce } from "../../components/announcer.tsx";

/** What whoever is signed in does below one market; what came of it is read anew, here and wherever somebody looks. */
export function useComments(market: string) {
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: ["comments", market] });
  return {
    post: useMutation({
      mutationFn: (o: { text: string; parent: string | null }) => api.postComment({ market, ...o }),
      onSuccess: async () => {
        await renew();
        announce(t`Your comment is there`);
      },
    }),
    remove: useMutation({
      mutationFn: (id: string) => api.deleteComment({ id }),
      onSuccess: async () => {
        await renew();
        announce(t`Your comment is deleted`);
      },
    }),
    react: useMutation({
      mutationFn: ({ id, kind, wanted }: { id: string; kind: Reaction; wanted: boolean }) =>
        wanted ? api.react({ id, kind }) : api.takeReactionBack({ id, kind }),
      onSuccess: renew,
    }),
  };
}
