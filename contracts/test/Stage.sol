// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestDollar} from "../src/lib/TestDollar.sol";
import {StakeIntent} from "../src/markets/IMarkets.sol";
import {Markets} from "../src/markets/Markets.sol";
import {AnswerWord} from "../src/oracle/AnswerWord.sol";
import {Dispute} from "../src/oracle/Dispute.sol";
import {Aggregation, IOracle, OracleLimits, Question, Status} from "../src/oracle/IOracle.sol";
import {Guard} from "../src/oracle/security/Guard.sol";
import {Wires} from "../src/oracle/security/IWiring.sol";
import {Policy} from "../src/oracle/security/Policy.sol";
import {Wiring} from "../src/oracle/security/Wiring.sol";
import {IStakeManager} from "../src/oracle/IStakeManager.sol";
import {StakeManager} from "../src/oracle/StakeManager.sol";
import {TestGuard, TestWiring} from "./doubles/Wiring.sol";
import {Deployed, IBuiltOracle} from "./Deployed.sol";
import {Vm} from "./Test.sol";

/// @dev All four contracts with their real code, four seated providers of equal weight, and the words to act with.
abstract contract Stage is Deployed {
    uint40 internal constant EPOCH = 1 hours;
    uint40 internal constant UNBONDING = 30 days;
    uint96 internal constant STAKE = 1_000e6;
    uint32 internal constant LIVENESS = 30 minutes;
    /// Of what three of the four say: less than 80 % agree.
    uint32 internal constant WINDOW = 2 * LIVENESS;
    uint16 internal constant SHARE_BPS = 9_000;
    uint72 internal constant LEAST = 1e6;
    uint40 internal constant START = 1_750_000_000;
    uint256 internal constant SEATS = 4;
    uint40 internal constant SEASONING = 3 days;
    uint96 internal constant VALUE_LIMIT = 1_000_000e6;
    uint16 internal constant SURGE_FLOOR = 5;

    address internal immutable treasury = _account("treasury");
    address internal immutable asker = _account("asker");
    address internal immutable alice = _account("alice");
    address internal immutable bob = _account("bob");
    address internal immutable stranger = _account("stranger");
    address internal immutable governor = _account("governor");
    address internal immutable guardian = _account("guardian");
    address internal immutable insurance = _account("insurance");

    TestDollar internal dollar;
    Wiring internal wiring;
    Policy internal policy;
    Guard internal guard;
    StakeManager internal stakes;
    IBuiltOracle internal oracle;
    Markets internal markets;
    /// What the oracle here is wired to: doubles, so that tests may be the ladder.
    TestWiring internal wires;
    TestGuard internal pauses;
    uint256 private _draws;

    string internal schema =
        '{"decimals":8,"kind":"numeric","observeAt":1750086400,"rule":{"type":"value"},"sources":[{"name":"one","path":"0.4","scale":0,"unit":"USD","url":"https://one.example/candles?at={observeAt}"}],"text":"What does one ether cost in US dollars at noon UTC on 16 June 2025?","unit":"USD","version":1,"more":"filler"}';

    function setUp() public virtual {
        vm.warp(START);
        dollar = new TestDollar();
        wiring = new Wiring(address(this));
        policy = new Policy(governor, guardian, VALUE_LIMIT, SURGE_FLOOR);
        guard = new Guard(address(wiring), address(policy));
        stakes = _newStakes(address(dollar), STAKE);
        wires = new TestWiring();
        pauses = new TestGuard();
        wires.set("guard", address(pauses));
        oracle = _newOracle(address(dollar), _limits());
        markets = new Markets(address(oracle), LEAST);
        for (uint256 i; i < SEATS; ++i) {
            _join(i, STAKE);
        }
        stakes.advanceEpoch(0);
    }

    /// @dev Every stake counts whole from the start here: other factors are tested where they matter.
    function _newStakes(address collateral, uint96 minStake) internal returns (StakeManager) {
        return new StakeManager(
            collateral,
            address(wiring),
            address(policy),
            insurance,
            IStakeManager.StakeLimits({
                epochSeconds: EPOCH,
                unbondingSeconds: UNBONDING,
                seasoningSeconds: SEASONING,
                minStake: minStake,
                startFactorBps: 10_000
            })
        );
    }

    /// @dev Who may act for which contract; tests put themselves or an account in a place that has no contract here.
    function _seal(address slasher, address epochs) internal {
        wiring.seal(
            Wires({
                oracle: address(oracle),
                stakeManager: address(stakes),
                guard: address(guard),
                slasher: slasher,
                epochs: epochs,
                ladder: address(0),
                court: address(0)
            })
        );
    }

    function _newOracle(address collateral, OracleLimits memory limits) internal returns (IBuiltOracle) {
        return IBuiltOracle(_create(_oracleCode(address(stakes), collateral, treasury, address(wires), limits)));
    }

    function _limits() internal pure returns (OracleLimits memory) {
        return OracleLimits({
            lowestWindow: 60,
            maxLiveness: 2 days,
            maxQuestionSeconds: 90 days,
            providerShareBps: SHARE_BPS,
            unit: 1e6,
            leastDeposit: 250,
            mostDeposit: 50_000,
            commitTier: 1_000e6,
            commitSeconds: 10 minutes
        });
    }

    /* ACCOUNTS */

    function _account(string memory name) internal pure returns (address) {
        return address(uint160(uint256(keccak256(bytes(name)))));
    }

    function _ownerKey(uint256 i) internal pure returns (address) {
        return address(uint160(0x0B0000 + i));
    }

    /// @dev Signing key of provider i. Seats are given in the order of joining.
    function _key(uint256 i) internal pure returns (uint256) {
        return 0xA11CE000 + i;
    }

    function _signer(uint256 i) internal pure returns (address) {
        return vm.addr(_key(i));
    }

    /// @dev Gives `account` tokens from the faucet until he has `amount`, spendable by `spender`.
    function _fund(address account, address spender, uint256 amount) internal {
        uint256 drawn = dollar.FAUCET_AMOUNT();
        while (dollar.balanceOf(account) < amount) {
            address source = address(uint160(uint256(keccak256(abi.encode("faucet", ++_draws)))));
            dollar.faucet(source);
            vm.prank(source);
            dollar.transfer(account, drawn);
        }
        vm.prank(account);
        dollar.approve(spender, type(uint256).max);
    }

    function _join(uint256 i, uint96 stake) internal {
        _fund(_ownerKey(i), address(stakes), stake);
        vm.prank(_ownerKey(i));
        stakes.join(_signer(i), stake, 1, _possession(i));
    }

    /// @dev Provider i's proof that he holds his signing key, for his own owner key.
    function _possession(uint256 i) internal view returns (bytes memory) {
        return _possessionOf(_key(i), _ownerKey(i));
    }

    /// @dev Worked out here and not asked of the contract, so that it may stand behind a prank.
    function _possessionOf(uint256 key, address owner) internal view returns (bytes memory) {
        bytes32 hash = keccak256(abi.encode(keccak256("Possession(address owner)"), owner));
        bytes32 domain = _domainOf("Sooth Stakes", address(stakes));
        (bytes32 r, bytes32 vs) = vm.signCompact(key, keccak256(abi.encodePacked(hex"1901", domain, hash)));
        return abi.encodePacked(r, vs);
    }

    function _domainOf(bytes memory name, address verifier) internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(name),
                keccak256("1"),
                block.chainid,
                verifier
            )
        );
    }

    /* QUESTIONS */

    /// @dev Numeric, two decimals or none: what is asked matters nowhere here.
    function _numeric() internal view returns (Question memory) {
        return Question({
            asker: asker,
            schema: keccak256(bytes(schema)),
            aggregation: Aggregation.Median,
            min: -1_000,
            max: 1_000,
            tolerance: 10,
            opensAt: START + 1 days,
            deadline: START + 2 days,
            liveness: LIVENESS,
            reward: 0,
            nonce: 0,
            domain: 0,
            endsEarly: false,
            secures: 0
        });
    }

    function _categorical(uint8 outcomes) internal view returns (Question memory terms) {
        terms = _numeric();
        terms.aggregation = Aggregation.Plurality;
        terms.min = 0;
        terms.max = int96(uint96(outcomes)) - 1;
        terms.tolerance = 0;
    }

    function _ask(Question memory terms) internal returns (bytes32) {
        if (terms.reward != 0) _fund(terms.asker, address(oracle), terms.reward);
        vm.prank(terms.asker);
        return oracle.ask(terms, schema);
    }

    function _epoch() internal view returns (uint32 epoch) {
        (, epoch,) = stakes.signerSet(0);
    }

    function _status(bytes32 question) internal view returns (Status status) {
        (status,,,) = oracle.get(question);
    }

    function _word(bytes32 question) internal view returns (AnswerWord) {
        return oracle.wordOf(question);
    }

    /* REPORTS */

    function _sign(uint256 key, bytes32 question, int96 value, uint32 epoch, uint8 round)
        internal
        view
        returns (bytes memory)
    {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, oracle.reportDigest(question, value, epoch, round));
        return abi.encodePacked(r, vs);
    }

    function _entry(uint256 seat, bytes32 question, int96 value) internal view returns (bytes memory) {
        uint8 round = oracle.wordOf(question).round();
        return abi.encodePacked(uint8(seat), value, _sign(_key(seat), question, value, _epoch(), round));
    }

    /// @dev Seats 0, 1, … report the values in this order, which must ascend.
    function _entries(bytes32 question, int96[] memory values) internal view returns (bytes memory packed) {
        for (uint256 seat; seat < values.length; ++seat) {
            packed = bytes.concat(packed, _entry(seat, question, values[seat]));
        }
    }

    function _cosigned(bytes32 question, int96 value, uint256 seats) internal view returns (bytes memory packed) {
        uint8 round = oracle.wordOf(question).round();
        for (uint256 seat; seat < 32; ++seat) {
            if (seats >> seat & 1 == 1) {
                packed = bytes.concat(packed, _sign(_key(seat), question, value, _epoch(), round));
            }
        }
    }

    function _agree(Question memory terms, int96 value, uint256 seats) internal {
        bytes memory signatures = _cosigned(oracle.idOf(terms), value, seats);
        oracle.reportAgreed(terms, _epoch(), value, seats, signatures);
    }

    function _signRoot(uint256 key, bytes32 question, bytes32 root) internal view returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, oracle.rootDigest(question, root, 1, 0));
        return abi.encodePacked(r, vs);
    }

    function _signedRoot(bytes32 question, bytes32 root, uint256 seats, uint8 round)
        internal
        view
        returns (bytes memory packed)
    {
        bytes32 digest = oracle.rootDigest(question, root, _epoch(), round);
        for (uint256 seat; seat < 32; ++seat) {
            if (seats >> seat & 1 == 0) continue;
            (bytes32 r, bytes32 vs) = vm.signCompact(_key(seat), digest);
            packed = bytes.concat(packed, r, vs);
        }
    }

    /// @dev Answered by seats 0 to 2 and final.
    function _resolve(Question memory terms, int96 value) internal {
        if (block.timestamp < terms.opensAt) vm.warp(terms.opensAt);
        _agree(terms, value, 7);
        vm.warp(block.timestamp + 2 * terms.liveness);
    }

    /// @dev Objects to the silence of providers. The log tells what is disputed: the word is a hash by then.
    function _disputeSilence(address who, Question memory terms, int96 claim) internal returns (Dispute memory) {
        vm.recordLogs();
        vm.prank(who);
        oracle.disputeSilence(terms, claim, 0);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        Vm.Log memory log = logs[logs.length - 1];
        vm.assertEq(log.topics[0], IOracle.Disputed.selector);
        (AnswerWord word, int96 said, uint96 amount,) = abi.decode(log.data, (AnswerWord, int96, uint96, bytes32));
        return Dispute(log.topics[1], word, 0, who, said, 0, amount, uint40(block.timestamp));
    }

    function _values(int96 a, int96 b, int96 c) internal pure returns (int96[] memory values) {
        values = new int96[](3);
        (values[0], values[1], values[2]) = (a, b, c);
    }

    /* MARKETS */

    function _signIntent(uint256 key, StakeIntent memory intent) internal view returns (bytes memory) {
        bytes32 hash = keccak256(
            abi.encode(
                keccak256(
                    "StakeIntent(bytes32 market,uint8 outcome,uint72 amount,address owner,uint256 nonce,uint40 deadline)"
                ),
                intent
            )
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key, keccak256(abi.encodePacked(hex"1901", _domainOf("Sooth Markets", address(markets)), hash)));
        return abi.encodePacked(r, s, v);
    }
}
