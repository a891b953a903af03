// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LegKind} from "../../../src/bundles/BundleTypes.sol";
import {HeldLeg} from "../../../src/bundles/IEscrow.sol";
import {Order, Part} from "../../../src/bundles/orders/IOrders.sol";
import {Orders} from "../../../src/bundles/orders/Orders.sol";
import {EscrowStage} from "../EscrowStage.sol";

/// @dev carol gives up to 100 tokens for 70 coins; alice takes parts, for which bob pays. Leg 0 of a bundle is the part, leg 1 pays
///      carol, and the part is made to fit the bundle that it stands in.
abstract contract OrdersStage is EscrowStage {
    uint256 internal constant CAROL_KEY = 13;
    uint96 internal constant GIVES = 100e6;
    uint96 internal constant WANTS = 70e6;

    Orders internal orders;
    address internal carol;

    function setUp() public virtual override {
        carol = vm.addr(CAROL_KEY);
        super.setUp();
        orders = new Orders(escrow);
        token.mint(carol, 1_000e6);
        vm.prank(carol);
        token.approve(address(orders), type(uint256).max);
    }

    function _order(uint64 salt) internal view returns (Order memory order) {
        (order.maker, order.recipient) = (carol, carol);
        (order.giveToken, order.giveAmount) = (address(token), GIVES);
        (order.wantChainId, order.wantToken, order.wantAmount) = (block.chainid, address(coin), WANTS);
        (order.expiry, order.longestHold) = (START + 30 days, 2 hours);
        (order.leastPart, order.era, order.salt) = (1e6, orders.eraOf(carol), salt);
    }

    function _partOf(Order memory order, uint96 amount) internal view returns (Part memory part) {
        (part.order, part.signature, part.amount, part.to) = (order, _signedBy(CAROL_KEY, order), amount, alice);
        (part.payer, part.pays, part.payingSalt) = (bob, uint96(orders.priceOf(order, amount)), keccak256("salt"));
    }

    function _signedBy(uint256 key, Order memory order) internal view returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, orders.digestOf(order));
        return abi.encodePacked(r, vs);
    }

    function _leg(Part memory part) internal view returns (HeldLeg memory) {
        return HeldLeg(LegKind.Participant, address(orders), 0, 400_000, abi.encode(part), bytes32("part"));
    }

    /// @dev What the part is worth, paid to whom the order names.
    function _paying(Part memory part) internal pure returns (HeldLeg memory leg) {
        leg = _pays(part.order.wantToken, part.payer, part.order.recipient, part.pays);
        leg.salt = part.payingSalt;
    }

    /// @dev A bundle of the part and what pays for it.
    function _take(Part memory part) internal {
        _bundle(_leg(part), _paying(part));
    }

    function _bundle(HeldLeg memory first, HeldLeg memory second) internal virtual override {
        if (first.target == address(orders) && first.data.length != 0) {
            Part memory part = abi.decode(first.data, (Part));
            (part.gasLimit, part.legSalt, part.salt, part.fee) = (first.gasLimit, first.salt, 1, 0);
            first.data = abi.encode(part);
        }
        super._bundle(first, second);
    }
}
