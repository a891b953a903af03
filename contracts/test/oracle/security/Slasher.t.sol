// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Jury, JurorFault} from "../../../src/oracle/court/ICourt.sol";
import {INVALID, TOO_EARLY} from "../../../src/oracle/AnswerWord.sol";
import {Feeds} from "../../../src/oracle/feeds/Feeds.sol";
import {Question} from "../../../src/oracle/IOracle.sol";
import {IStakeManager} from "../../../src/oracle/IStakeManager.sol";
import {ISlasher} from "../../../src/oracle/security/ISlasher.sol";
import {Wires} from "../../../src/oracle/security/IWiring.sol";
import {IBuiltSlasher} from "../../Deployed.sol";
import {Stage} from "../../Stage.sol";

/// @dev Stands for the court: opens what it is asked to, and gives the verdict that the test wants.
contract StubCourt {
    Jury public opened;
    bool public ended;
    uint8 public choice;

    function open(bytes32 subject, uint8 size, uint256 excluded, uint32 jurorEpoch, uint96 fee, uint8)
        external
        returns (bytes32)
    {
        opened = Jury(msg.sender, subject, size, jurorEpoch, excluded, fee, uint40(block.timestamp), 7);
        return idOf(opened);
    }

    function decide(uint8 choice_) external {
        (ended, choice) = (true, choice_);
    }

    function verdictOf(Jury calldata) external view returns (bool, uint8, uint256, uint256) {
        return (ended, choice, 31, 31);
    }

    function idOf(Jury memory terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    function last() external view returns (Jury memory) {
        return opened;
    }
}

contract SlasherTest is Stage {
    uint96 private constant BOND = 500e6;
    uint96 private constant FEE = 310e6;
    bytes32 private constant FAULT = keccak256("dispute");

    IBuiltSlasher private slasher;
    StubCourt private court;
    Feeds private feeds;

    function setUp() public override {
        super.setUp();
        feeds = new Feeds(address(stakes), true);
        slasher = _newSlasher(
            abi.encode(
                address(wiring),
                address(stakes),
                address(feeds),
                address(0),
                address(dollar),
                insurance,
                address(policy),
                [address(markets), address(0)],
                ISlasher.SlasherLimits({periodSeconds: EPOCH, bond: BOND, fee: FEE, caseSeconds: 10 days})
            )
        );
        court = new StubCourt();
        // The test stands in the ladder's place.
        wiring.seal(
            Wires({
                oracle: address(oracle),
                stakeManager: address(stakes),
                guard: address(guard),
                slasher: address(slasher),
                epochs: address(0),
                ladder: address(this),
                court: address(court)
            })
        );
    }

    /* equivocation */

    function test_TwoAnswersOfOneKeyCostEverything() external {
        bytes32 question = _ask(_numeric());
        bytes memory first = _sign(_key(0), question, 1, 1, 0);
        bytes memory second = _sign(_key(0), question, 2, 1, 0);
        vm.prank(alice);
        slasher.equivocatedReports(question, 1, 0, [int96(1), 2], first, second);
        vm.assertEq(_stakeOf(0), 0);
        vm.assertEq(uint256(stakes.slashedCreditOf(alice)), STAKE * 3 / 10);
        vm.assertTrue(stakes.isBanned(_ownerKey(0)));
        // What he signs from here on is no report: the set was built without him.
        vm.assertEq(uint256(_epoch()), 2);

        // A third answer is the same fault.
        bytes memory third = _sign(_key(0), question, INVALID, 1, 0);
        bytes32 fault = keccak256(abi.encode("equivocation", keccak256(abi.encode(question, uint32(1), uint8(0)))));
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_AlreadyPunished.selector, _ownerKey(0), fault));
        slasher.equivocatedReports(question, 1, 0, [int96(1), INVALID], first, third);
    }

    function test_AKeyOfBeforeIsHisToo() external {
        bytes32 question = _ask(_numeric());
        bytes memory first = _sign(_key(0), question, 1, 1, 0);
        bytes memory second = _sign(_key(0), question, 2, 1, 0);
        vm.prank(_ownerKey(0));
        stakes.rotateSigner(_signer(20), _possessionOf(_key(20), _ownerKey(0)));
        slasher.equivocatedReports(question, 1, 0, [int96(1), 2], first, second);
        vm.assertEq(_stakeOf(0), 0);
    }

    function test_RevertWhen_ItIsNoEquivocation() external {
        bytes32 question = _ask(_numeric());
        bytes memory first = _sign(_key(0), question, 1, 1, 0);
        // The same value twice, another's signature, another round, and a key that nobody named.
        vm.expectRevert(
            abi.encodeWithSelector(ISlasher.Slasher_NotTwo.selector, oracle.reportDigest(question, 1, 1, 0))
        );
        slasher.equivocatedReports(question, 1, 0, [int96(1), 1], first, first);
        bytes memory others = _sign(_key(1), question, 2, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_NotOne.selector, _signer(0), _signer(1)));
        slasher.equivocatedReports(question, 1, 0, [int96(1), 2], first, others);
        bytes memory later = _sign(_key(0), question, 2, 1, 1);
        vm.expectPartialRevert(ISlasher.Slasher_NotOne.selector);
        slasher.equivocatedReports(question, 1, 0, [int96(1), 2], first, later);
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_NobodysKey.selector, address(0)));
        slasher.equivocatedReports(question, 1, 0, [int96(1), 2], hex"", hex"");
        bytes memory a = _sign(_key(77), question, 1, 1, 0);
        bytes memory b = _sign(_key(77), question, 2, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_NobodysKey.selector, _signer(77)));
        slasher.equivocatedReports(question, 1, 0, [int96(1), 2], a, b);
        vm.assertEq(_stakeOf(0), STAKE);
    }

    function test_TwoRootsAreTwoAnswers() external {
        bytes32 question = _ask(_numeric());
        bytes memory first = _signRoot(_key(0), question, keccak256("a"));
        bytes memory second = _signRoot(_key(0), question, keccak256("b"));
        vm.prank(alice);
        slasher.equivocatedRoots(question, 1, 0, [keccak256("a"), keccak256("b")], first, second);
        vm.assertEq(_stakeOf(0), 0);
        vm.assertTrue(stakes.isBanned(_ownerKey(0)));
        vm.assertEq(uint256(stakes.slashedCreditOf(alice)), STAKE * 3 / 10);
        // A value beside them is the same fault.
        bytes memory value = _sign(_key(0), question, INVALID, 1, 0);
        vm.expectPartialRevert(ISlasher.Slasher_AlreadyPunished.selector);
        slasher.equivocatedKinds(question, 1, 0, INVALID, keccak256("a"), value, first);
    }

    function test_ARootAndAValueAreTwoAnswers() external {
        bytes32 question = _ask(_numeric());
        bytes memory root = _signRoot(_key(1), question, keccak256("a"));
        bytes memory value = _sign(_key(1), question, INVALID, 1, 0);
        slasher.equivocatedKinds(question, 1, 0, INVALID, keccak256("a"), value, root);
        vm.assertEq(_stakeOf(1), 0);
        vm.assertTrue(stakes.isBanned(_ownerKey(1)));
    }

    function test_TwoValuesForOneMomentOfAFeed() external {
        bytes32 feed = bytes32(uint256(1) << 200 | 2);
        bytes memory first = _signFeed(_key(2), feed, 100, START);
        bytes memory second = _signFeed(_key(2), feed, 101, START);
        bytes memory later = _signFeed(_key(2), feed, 101, START + 1);
        vm.expectPartialRevert(ISlasher.Slasher_NotOne.selector);
        slasher.equivocatedFeeds(feed, START, 1, [int96(100), 101], first, later);
        slasher.equivocatedFeeds(feed, START, 1, [int96(100), 101], first, second);
        vm.assertEq(_stakeOf(2), 0);
        vm.assertTrue(stakes.isBanned(_ownerKey(2)));
    }

    function test_RevertWhen_ItWasTooEarlyFirst() external {
        bytes32 question = _ask(_numeric());
        bytes memory early = _sign(_key(0), question, TOO_EARLY, 1, 0);
        bytes memory value = _sign(_key(0), question, 2, 1, 0);
        bytes memory root = _signRoot(_key(0), question, keccak256("a"));
        bytes memory why = abi.encodeWithSelector(ISlasher.Slasher_TooEarlyIsNoAnswer.selector, question);
        vm.expectRevert(why);
        slasher.equivocatedReports(question, 1, 0, [TOO_EARLY, int96(2)], early, value);
        vm.expectRevert(why);
        slasher.equivocatedReports(question, 1, 0, [int96(2), TOO_EARLY], value, early);
        vm.expectRevert(why);
        slasher.equivocatedKinds(question, 1, 0, TOO_EARLY, keccak256("a"), early, root);
        vm.assertEq(_stakeOf(0), STAKE);
    }

    function _signFeed(uint256 key, bytes32 feed, int96 value, uint40 at) private view returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, feeds.digestOf(feed, value, at, 1));
        return abi.encodePacked(r, vs);
    }

    /* outside tolerance */

    function test_TheSecondNumberOutsideCosts() external {
        for (uint64 i; i < 2; ++i) {
            Question memory terms = _numeric();
            terms.nonce = i;
            (terms.opensAt, terms.deadline) = (terms.opensAt + uint40(i) * 1 days, terms.deadline + uint40(i) * 1 days);
            bytes32 question = _ask(terms);
            vm.warp(terms.opensAt);
            bytes memory off = _sign(_key(2), question, 45, 1, 0);
            oracle.reportValues(terms, 1, _entries(question, _values(10, 12, 45)));
            vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_NotFinal.selector, question));
            slasher.outside(terms, 45, off);
            vm.warp(block.timestamp + WINDOW);
            vm.prank(alice);
            slasher.outside(terms, 45, off);
            // First a warning, then 0.1 % for each tolerance: 33 off, tolerance 10.
            vm.assertEq(_stakeOf(2), i == 0 ? STAKE : STAKE - STAKE * 33 / 10_000);
            bytes32 fault = keccak256(abi.encode("outside", question));
            vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_AlreadyPunished.selector, _ownerKey(2), fault));
            slasher.outside(terms, 45, off);
            bytes memory near = _sign(_key(0), question, 10, 1, 0);
            vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_NotOutside.selector, question, 10));
            slasher.outside(terms, 10, near);
        }
    }

    /* ladder */

    function test_WhoErrsWithManyLosesMore() external {
        slasher.overturned(FAULT, 0, 1, 7, alice);
        // 2 % * (1 + 9 * 3/4)
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(_stakeOf(i), STAKE - STAKE * 155 / 1_000);
        }
        vm.assertEq(_stakeOf(3), STAKE);
        slasher.overturned(FAULT, 0, 1, 7, alice); // the same dispute takes nothing more
        vm.assertEq(_stakeOf(0), STAKE - STAKE * 155 / 1_000);
        // Alone the second time: 2 % * (1 + 9/4), doubled, of what is left.
        uint256 left = _stakeOf(0);
        slasher.overturned(keccak256("next"), 0, 1, 1, alice);
        vm.assertEq(_stakeOf(0), left - left * 65_000 * 2 / 1e6);
    }

    function test_ReportersThatWereEarlyShareATenth() external {
        slasher.tooEarly(FAULT, 0, 1, 3, 1_000e6, alice);
        vm.assertEq(_stakeOf(0), STAKE - 50e6);
        vm.assertEq(_stakeOf(1), STAKE - 50e6);
        vm.assertEq(_stakeOf(2), STAKE);
    }

    /// Without a court nobody loses more than 30 % in one epoch's time.
    function test_ThePeriodHasALimit() external {
        for (uint256 i; i < 5; ++i) {
            slasher.tooEarly(bytes32(i), 0, 1, 1, 1_000e6, alice);
        }
        vm.assertEq(_stakeOf(0), STAKE - 300e6);
        vm.warp(START + EPOCH);
        slasher.tooEarly(bytes32(uint256(9)), 0, 1, 1, 1_000e6, alice);
        vm.assertEq(_stakeOf(0), STAKE - 400e6);
    }

    function test_NobodyElseMayBlame() external {
        bytes memory refusal = abi.encodeWithSelector(ISlasher.Slasher_NotAllowed.selector, alice);
        vm.startPrank(alice);
        vm.expectRevert(refusal);
        slasher.overturned(FAULT, 0, 1, 7, alice);
        vm.expectRevert(refusal);
        slasher.tooEarly(FAULT, 0, 1, 7, 1, alice);
        vm.expectRevert(refusal);
        slasher.juror(_signer(0), FAULT, JurorFault.Missing, alice);
        vm.stopPrank();
    }

    /* court */

    function test_JurorsPayByKind() external {
        uint24[4] memory ppm = [5_000, 10_000, 10_000, 100_000];
        uint256 left = STAKE;
        for (uint8 kind; kind < 4; ++kind) {
            vm.prank(address(court));
            slasher.juror(_signer(0), bytes32(uint256(kind)), JurorFault(kind), address(0));
            left -= left * ppm[kind] / 1e6;
            vm.assertEq(_stakeOf(0), left);
        }
        vm.prank(address(court));
        slasher.juror(_signer(0), FAULT, JurorFault.Equivocal, alice);
        vm.assertEq(_stakeOf(0), 0);
        vm.assertTrue(stakes.isBanned(_ownerKey(0)));
        // Neither one who has nothing left nor a key of nobody holds up the jury.
        vm.startPrank(address(court));
        slasher.juror(_signer(0), keccak256("again"), JurorFault.Equivocal, alice);
        slasher.juror(_signer(77), keccak256("again"), JurorFault.Equivocal, alice);
        vm.stopPrank();
    }

    /* collusion */

    function test_TheGuiltyPayAndTheAccuserHasHisPart() external {
        (ISlasher.Case memory terms, Jury memory jury) = _accuse(400_000);
        vm.expectPartialRevert(ISlasher.Slasher_CaseOpen.selector);
        slasher.conclude(terms, jury);
        // Leaving does not help: the stake is frozen until the verdict has had its time.
        vm.prank(_ownerKey(0));
        stakes.leave();
        vm.assertEq(uint256(stakes.providerOf(_ownerKey(0)).frozenUntil), START + SEASONING + 10 days);
        court.decide(1);
        slasher.conclude(terms, jury);
        vm.assertEq(_stakeOf(0), STAKE - 400e6);
        vm.assertEq(_stakeOf(1), STAKE - 400e6);
        vm.assertEq(uint256(stakes.slashedCreditOf(alice)), 240e6);
        vm.assertEq(uint256(oracle.creditOf(alice)), BOND - FEE);
        vm.expectPartialRevert(ISlasher.Slasher_UnknownCase.selector);
        slasher.conclude(terms, jury);
    }

    function test_AllOfItIsABanToo() external {
        (ISlasher.Case memory terms, Jury memory jury) = _accuse(1_000_000);
        court.decide(1);
        slasher.conclude(terms, jury);
        vm.assertTrue(stakes.isBanned(_ownerKey(0)) && stakes.isBanned(_ownerKey(1)));
        vm.assertEq(_stakeOf(0) + _stakeOf(1), 0);
    }

    function test_TheInnocentShareTheBond() external {
        (ISlasher.Case memory terms, Jury memory jury) = _accuse(400_000);
        court.decide(2);
        slasher.conclude(terms, jury);
        vm.assertEq(_stakeOf(0), STAKE);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(0))), (BOND - FEE) / 2);
    }

    /// One of the accused to whom no token can be sent must not keep the others waiting.
    function test_OneWhoMayNotHoldTokensHoldsUpNobody() external {
        (ISlasher.Case memory terms, Jury memory jury) = _accuse(400_000);
        court.decide(2);
        vm.mockCallRevert(address(dollar), abi.encodeWithSignature("transfer(address,uint256)"), "");
        slasher.conclude(terms, jury);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(1))), (BOND - FEE) / 2);
    }

    function test_UndecidedTheBondGoesBack() external {
        (ISlasher.Case memory terms, Jury memory jury) = _accuse(400_000);
        court.decide(0);
        slasher.conclude(terms, jury);
        vm.assertEq(_stakeOf(0), STAKE);
        vm.assertEq(uint256(oracle.creditOf(alice)), BOND - FEE);
    }

    /// Buying a jury: neither the accused nor the accuser sits on it.
    function test_PartiesSitOnNoJuryOfTheirs() external {
        (, Jury memory jury) = _accuse(400_000);
        vm.assertEq(jury.excluded, 3);
        vm.assertEq(uint256(jury.fee), FEE);
        vm.assertEq(uint256(jury.size), 31);
    }

    function test_RevertWhen_TheCaseIsMalformed() external {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_BadCase.selector, "accused"));
        slasher.accuse(new address[](0), FAULT, 400_000);
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_BadCase.selector, "accused"));
        slasher.accuse(new address[](17), FAULT, 400_000);
        address[] memory accused = new address[](2);
        (accused[0], accused[1]) = (_ownerKey(1), _ownerKey(1));
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_BadCase.selector, "ppm"));
        slasher.accuse(accused, FAULT, 199_999);
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_BadCase.selector, "order"));
        slasher.accuse(accused, FAULT, 400_000);
        accused[1] = stranger;
        if (stranger < _ownerKey(1)) (accused[0], accused[1]) = (accused[1], accused[0]);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_NotBonded.selector, stranger));
        slasher.accuse(accused, FAULT, 400_000);
        vm.stopPrank();
    }

    function _accuse(uint32 ppm) private returns (ISlasher.Case memory terms, Jury memory jury) {
        for (uint256 i; i < 6; ++i) {
            if (i >= SEATS) _join(i, STAKE);
            vm.prank(_ownerKey(i));
            stakes.setJuror(true);
        }
        vm.warp(START + SEASONING);
        stakes.takeJurors();
        address[] memory accused = new address[](2);
        (accused[0], accused[1]) = (_ownerKey(0), _ownerKey(1));
        _fund(alice, address(slasher), BOND);
        vm.prank(alice);
        bytes32 id = slasher.accuse(accused, FAULT, ppm);
        jury = court.last();
        terms = ISlasher.Case(alice, accused, FAULT, ppm, court.idOf(jury));
        vm.assertEq(id, keccak256(abi.encode(terms)));
        vm.assertTrue(slasher.isOpen(id));
        // What the court takes for its jurors, the stub leaves with the slasher's credit.
        vm.assertEq(uint256(oracle.creditOf(address(slasher))), BOND);
    }

    function _stakeOf(uint256 i) private view returns (uint256) {
        return stakes.providerOf(_ownerKey(i)).stake;
    }
}
