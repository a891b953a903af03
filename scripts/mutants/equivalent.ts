/** Changes by which nothing is another: no test can notice them. `at` is the line as it stands, without what is around it. */
export const EQUIVALENT: readonly { file: string; at: string; change: string; because: string }[] = [
  {
    file: "markets/rules/BandRule.sol",
    at: "return stance > score ? stance - score : score - stance;",
    change: "stance > score  ->  ((stance) >= (score))",
    because: "of two that are equal the distance is 0 either way",
  },
  {
    file: "markets/opinions/Entering.sol",
    at: "uint256 open = terms.closesAt > block.timestamp ? terms.closesAt - block.timestamp : 0;",
    change: "terms.closesAt > block.timestamp  ->  ((terms.closesAt) >= (block.timestamp))",
    because: "what closes now is open for 0 seconds either way",
  },
  {
    file: "markets/opinions/Entering.sol",
    at: 'reveal_ == 0 || (reveal_ >= LEAST_REVEAL && reveal_ <= SCORE_TIME / 2), Opinions_BadTerms("revealSeconds")',
    change: "SCORE_TIME  ->  (SCORE_TIME + 1)",
    because: "a second more than an even number has the same half",
  },
  {
    file: "markets/opinions/Entering.sol",
    at: 'require(question.opensAt <= terms.closesAt + SCORE_TIME / 2, Opinions_BadTerms("opensAt"));',
    change: "SCORE_TIME  ->  (SCORE_TIME + 1)",
    because: "a second more than an even number has the same half",
  },
  {
    file: "markets/opinions/Entering.sol",
    at: "require(!_books[market].positions[owner].exists(), Opinions_AlreadyStaked(market, owner));",
    change: "!_books[market].positions[owner].exists()  ->  true",
    because: "staking, in the same transaction, refuses it with the same words",
  },
  {
    file: "markets/opinions/Scoring.sol",
    at: "if (status == Status.Final && at > from) from = at;",
    change: "at > from  ->  ((at) >= (from))",
    because: "of two that are equal either is the later",
  },
  {
    file: "markets/Pools.sol",
    at: "for (uint256 index; index * PER_WORD < count; ++index) {",
    change: "index * PER_WORD < count  ->  ((index * PER_WORD) <= (count))",
    because: "the word beyond the last pool holds nothing",
  },
  {
    file: "markets/Markets.sol",
    at: "return outcome < _pools[market].words[0].outcomes() ? _pools[market].poolOf(outcome) : 0;",
    change:
      "outcome < _pools[market].words[0].outcomes()  ->  ((outcome) <= (_pools[market].words[0].outcomes()))",
    because: "the place beyond the last pool holds nothing",
  },
  {
    file: "markets/outcomes/OutcomeTokens.sol",
    at: "for (uint256 i; i < 128; ++i) {",
    change: "i < 128  ->  ((i) <= (128))",
    because: "a word of 128 bits has no bit more",
  },
  {
    file: "markets/outcomes/OutcomeTokens.sol",
    at: "for (uint256 i; i < 128; ++i) {",
    change: "128  ->  uint256(128 + 1)",
    because: "a word of 128 bits has no bit more",
  },
  {
    file: "markets/outcomes/OutcomeTokens.sol",
    at: "if (state == 0) _nonces[maker][nonce >> 7] = word | PART << shift;",
    change: "PART  ->  (PART + 1)",
    because:
      "of two bits, either alone says that a part is filled: both together say done, and both are set then",
  },
  {
    file: "markets/outcomes/Sets.sol",
    at: "if (invalid) numerator = BPS / 2;",
    change: "BPS  ->  (BPS + 1)",
    because: "one more than an even number has the same half",
  },
  {
    file: "markets/outcomes/Sets.sol",
    at: "int256 within = value < terms.min ? terms.min : value > terms.max ? terms.max : value;",
    change: "value < terms.min  ->  ((value) <= (terms.min))",
    because: "an answer at the bound is the bound either way",
  },
  {
    file: "markets/outcomes/Sets.sol",
    at: "int256 within = value < terms.min ? terms.min : value > terms.max ? terms.max : value;",
    change: "value > terms.max  ->  ((value) >= (terms.max))",
    because: "an answer at the bound is the bound either way",
  },
  {
    file: "randomness/DrandBeacon.sol",
    at: "require(proof.length > WITNESSES, Randomness_BadProof(round));",
    change: "proof.length > WITNESSES  ->  true",
    because:
      "what is shorter has half a point, which lies on no curve, or no witness, and both are refused alike",
  },
  {
    file: "randomness/DrandBeacon.sol",
    at: "require(proof.length > WITNESSES, Randomness_BadProof(round));",
    change: "proof.length > WITNESSES  ->  ((proof.length) >= (WITNESSES))",
    because: "a point without any witness is refused where witnesses are read",
  },
  {
    file: "randomness/DrandBeacon.sol",
    at: "require(proof.length > WITNESSES, Randomness_BadProof(round));",
    change: "WITNESSES  ->  (WITNESSES + 1)",
    because: "one byte is no witness, and is refused where witnesses are read",
  },
];
