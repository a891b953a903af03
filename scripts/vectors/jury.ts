import {
  concat,
  encodeAbiParameters,
  encodePacked,
  hashTypedData,
  type Hex,
  keccak256,
  numberToHex,
  pad,
  parseSignature,
  signatureToCompactSignature,
  slice,
  stringToHex,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { randomNumbers, sum, texts, times, write } from "./cases.ts";

// Juries: the draw as it is meant (draw again until somebody fits), and votes as wallets make them.

const domain = {
  name: "Sooth",
  version: "1",
  chainId: 31_337,
  verifyingContract: "0x0000000000000000000000000000000000c00474",
} as const;
const types = {
  Vote: [
    { name: "jury", type: "bytes32" },
    { name: "commitment", type: "bytes32" },
    { name: "statement", type: "string" },
  ],
} as const;
const terms = [
  { type: "address" },
  { type: "bytes32" },
  { type: "uint8" },
  { type: "uint32" },
  { type: "uint256" },
  { type: "uint96" },
  { type: "uint40" },
  { type: "uint64" },
] as const;

const word = (value: bigint): Hex => numberToHex(value, { size: 32 });
const keyOf = (juror: number): Hex => pad(numberToHex(0x10401000 + juror), { size: 32 });

/** Seat by seat: a list with the weight of everybody who may still sit, walked until the lot is used up. */
function drawn(weights: readonly bigint[], excluded: bigint, size: number, seed: Hex): number[] {
  const most = Math.floor((size + 6) / 7);
  const seats: number[] = [];
  for (let seat = 0; seat < size; seat++) {
    const sitting = weights
      .map((weight, juror) => ({ weight, juror }))
      .filter(({ juror }) => ((excluded >> BigInt(juror)) & 1n) === 0n)
      .filter(({ juror }) => seats.filter((one) => one === juror).length < most);
    let lot =
      BigInt(keccak256(concat([seed, word(BigInt(seat))]))) % sum(sitting.map(({ weight }) => weight));
    const found = sitting.find(({ weight }) => {
      lot -= weight;
      return lot < 0n;
    });
    seats.push(found?.juror ?? -1);
  }
  return seats;
}

function draws() {
  const random = randomNumbers(7n);
  return times(40, (round) => {
    const size =
      round % 4 === 0 ? 9 : round % 4 === 1 ? 31 : round % 4 === 2 ? 101 : 1 + Number(random(101n));
    // Pools of every size; in each eighth one juror has most of the weight, in each tenth some have none.
    const count = round === 0 ? 256 : 20 + Number(random(180n));
    const weights = times(count, (juror) => {
      if (round % 10 === 9 && juror % 5 === 0) return 0n;
      return round % 8 === 7 && juror === 3 ? 10n ** 24n : 1n + random(10n ** (1n + random(14n)));
    });
    // Not the last twelve, so that enough may sit.
    const excluded = round % 2 === 0 ? 0n : random(1n << 64n) & ((1n << BigInt(count - 12)) - 1n);
    const seed = keccak256(word(random(1n << 60n)));
    return {
      weights: texts(weights),
      excluded: word(excluded),
      size,
      seed,
      seats: drawn(weights, excluded, size, seed),
    };
  });
}

async function votes() {
  const random = randomNumbers(8n);
  return Promise.all(
    [9, 31, 101].map(async (size, round) => {
      const count = 30 + 10 * round;
      const weights = times(count, () => 1_000n + random(5_000n));
      const fields = [
        "0x00000000000000000000000000000000001adde4",
        keccak256(stringToHex(`subject ${round}`)),
        size,
        round + 1,
        1n << BigInt(round),
        90_000_001n,
        1_750_000_000 + round,
        12_345_678n + BigInt(round),
      ] as const;
      const jury = keccak256(encodeAbiParameters(terms, fields));
      const beacon = keccak256(stringToHex(`seed ${round}`));
      const seed = keccak256(concat([beacon, jury]));
      const seats = drawn(weights, fields[4], size, seed);
      const jurors = [...new Set(seats)];
      const ballots = await Promise.all(
        jurors.map(async (juror) => {
          // Mostly the first choice in the first case, the third in the second, and anything in the last.
          const choice = round === 2 || random(6n) === 0n ? 1 + Number(random(3n)) : 1 + 2 * round;
          const salt = slice(keccak256(word(random(1n << 60n))), 0, 16);
          const commitment = keccak256(
            encodePacked(["bytes32", "uint8", "uint8", "bytes16"], [jury, choice, juror, salt]),
          );
          const typed = {
            domain,
            types,
            primaryType: "Vote",
            message: { jury, commitment, statement: "I hold no position in what this jury decides." },
          } as const;
          const signature = await privateKeyToAccount(keyOf(juror)).signTypedData(typed);
          return {
            juror,
            choice,
            salt,
            commitment,
            digest: hashTypedData(typed),
            signature,
            opens: random(8n) !== 0n,
          };
        }),
      );
      const openings = concat(
        ballots.map(({ juror, choice, salt, commitment, signature, opens }) => {
          if (!opens) return concat(["0x00", commitment]);
          const { r, yParityAndS } = signatureToCompactSignature(parseSignature(signature));
          return concat([
            numberToHex(choice, { size: 1 }),
            numberToHex(juror, { size: 1 }),
            salt,
            r,
            yParityAndS,
          ]);
        }),
      );
      const cast = seats.map((juror) => {
        const ballot = ballots.find((one) => one.juror === juror);
        return ballot?.opens ? ballot.choice : 0;
      });
      const counts = [1, 2, 3].map((choice) => cast.filter((vote) => vote === choice).length);
      const most = Math.max(...counts);
      return {
        terms: {
          arbitrable: fields[0],
          subject: fields[1],
          size,
          jurorEpoch: fields[3],
          excluded: word(fields[4]),
          fee: String(fields[5]),
          openedAt: fields[6],
          beaconRound: String(fields[7]),
        },
        jury,
        weights: texts(weights),
        signers: times(count, (juror) => privateKeyToAccount(keyOf(juror)).address),
        beacon,
        seed,
        seats,
        ballots,
        batch: keccak256(concat(ballots.map(({ commitment }) => commitment))),
        openings,
        votes: word(sum(cast.map((vote, seat) => BigInt(vote) << BigInt(2 * seat)))),
        verdict: { choice: 20 * most >= 13 * size ? counts.indexOf(most) + 1 : 0, votesFor: most },
      };
    }),
  );
}

export async function jury(): Promise<void> {
  write("jury.json", {
    about:
      "draws; then juries with their ids, votes, openings and verdicts; juror i signs with key 0x10401000 + i",
    domain,
    draws: draws(),
    juries: await votes(),
  });
}
