/**
 * Watches a question by live events and acts once, when its answer is final or it is invalid. An answer that may still
 * be objected to moves nothing.
 *
 *   node act-on-final.ts API_URL QUESTION [API_KEY]
 */
import { type Answer, createClient, isOver, readAnswer, SeenAnswers, trustOf } from "@sooth/client";

const [baseUrl = "", question = "", apiKey] = process.argv.slice(2);
const client = createClient({ baseUrl, apiKey });
const trust = trustOf(await client.getNetwork());
const seen = new SeenAnswers();
const done = new AbortController();

async function look(): Promise<Answer> {
  const { now } = await client.getNetwork();
  const answer = await readAnswer(client, question, trust, { seen, now: () => now });
  console.log(JSON.stringify({ saw: answer.status, round: answer.round }));
  if (isOver(answer)) done.abort();
  return answer;
}

function act({ status, value }: Answer): void {
  console.log(
    JSON.stringify({ acted: status === "invalid" ? "refunded everybody" : `paid out on ${value}` }),
  );
}

// First the stream, then the look: what happens in between is not missed.
const events = client.events({ topics: ["question", "block"], signal: done.signal });
let answer = await look();
if (!done.signal.aborted)
  for await (const event of events) {
    // No event tells of finality, which the clock brings: after an answer every block may.
    const concerns = event.topic === "block" ? answer.finalizeAt !== null : event.id === question;
    // After `reset` something may have been missed.
    if (concerns || event.topic === "reset") answer = await look();
    if (isOver(answer)) break;
  }
act(answer);
