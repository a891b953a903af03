import { commaList } from "@sooth/runtime";
import { z } from "zod";

export const sessionsConfig = z.object({
  SESSIONS_ORIGINS: commaList
    .pipe(
      z.array(
        z
          .string()
          .refine(
            (text) => URL.canParse(text) && new URL(text).origin === text,
            "must be origins such as https://sooth.example, separated by commas",
          ),
      ),
    )
    .describe(
      "api role: origins at which people open the web app and may sign in; empty: addresses of this machine alone (http://localhost and the like)",
    ),
});
export type SessionsConfig = z.infer<typeof sessionsConfig>;
