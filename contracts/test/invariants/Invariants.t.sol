// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISeaPurse} from "../../src/ISeaPurse.sol";
import {SeaPurse} from "../../src/SeaPurse.sol";
import {Signer} from "../Signer.sol";
import {BlocklistToken} from "../tokens/Zoo.sol";
import {Handler} from "./Handler.sol";

/// @notice I1 to I8, each checked after every call of random runs of the handler, and all of them after every call of more
/// and longer ones: forge gives each invariant the same runs, so alone they would see few.
abstract contract Invariants is Signer {
    Handler internal handler;
    SeaPurse internal purse;

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice The contract holds all that is free, reserved and owed; to the unit, but for money forced on it.
    function invariant_I1_solvent() external view {
        solvent(wellSoFar());
    }

    function solvent(Handler.Standing memory now_) private view {
        uint256 held = now_.free + now_.reserved + now_.owed;
        assertEq(handler.balanceOf(address(purse)), held + handler.forced(), "I1");
    }

    /// @notice What is paid in a lane never falls (the handler watches) and never exceeds what its key signed.
    function invariant_I2_paidOnlyWhatWasSigned() external view {
        paidOnlyWhatWasSigned(wellSoFar());
    }

    function paidOnlyWhatWasSigned(Handler.Standing memory now_) private pure {
        for (uint256 i = 0; i < now_.lanes.length; i++) {
            assertTrue(now_.lanes[i].paid <= now_.laneBooks[i].signed, "I2");
        }
    }

    /// @notice A purse never pays more than was put into it.
    function invariant_I3_paidAtMostDeposited() external view {
        paidAtMostDeposited(wellSoFar());
    }

    function paidAtMostDeposited(Handler.Standing memory now_) private pure {
        uint256 lanesEach = now_.lanes.length / now_.purses.length;
        for (uint256 i = 0; i < now_.purses.length; i++) {
            uint256 paid = 0;
            for (uint256 j = 0; j < lanesEach; j++) {
                paid += now_.lanes[i * lanesEach + j].paid;
            }
            assertTrue(paid <= now_.purseBooks[i].deposited, "I3");
        }
    }

    /// @notice What was reserved is redeemable in full through `until` + delay: tried, by redeeming it.
    function invariant_I4_reservedIsRedeemable() external {
        reservedIsRedeemable(wellSoFar());
    }

    function reservedIsRedeemable(Handler.Standing memory now_) private {
        for (uint256 i = 0; i < now_.lanes.length; i++) {
            Handler.LaneBook memory book = now_.laneBooks[i];
            if (block.timestamp > book.guaranteedThrough || book.guaranteed == 0) continue;
            assertTrue(uint256(now_.lanes[i].paid) + now_.lanes[i].reserved >= book.guaranteed, "I4");
            if (book.guaranteed > book.paid) redeemGuaranteed(handler.laneIdAt(i), book);
        }
    }

    /// @notice Value leaves to payees, to claims that they signed, and to payers by withdrawal and release; and what has
    /// left and what is left is what came.
    function invariant_I5_valueGoesWhereItMay() external view {
        valueGoesWhereItMay(wellSoFar());
    }

    function valueGoesWhereItMay(Handler.Standing memory now_) private view {
        uint256 left = handler.toPayees() + handler.toClaims() + handler.toPayers();
        assertEq(left + now_.free + now_.reserved, handler.deposits(), "I5");
    }

    /// @notice Nothing is ever reset, and no voucher is good in two places: the handler tries both all the time.
    function invariant_I6_nothingComesBack() external view {
        nothingComesBack(wellSoFar());
    }

    function nothingComesBack(Handler.Standing memory now_) private pure {
        for (uint256 i = 0; i < now_.purses.length; i++) {
            assertTrue(now_.purses[i].state == now_.purseBooks[i].state, "I6");
        }
    }

    /// @notice No batch reverts and no redemption of what is due fails, whatever the others did before.
    function invariant_I7_nobodySpoilsARedemption() external view {
        wellSoFar(); // the handler knows what is due, and finds a redemption that fails
    }

    /// @notice When every purse is withdrawn and every lane released, nothing is left: tried.
    function invariant_I8_allCanBeSettled() external {
        allCanBeSettled(wellSoFar());
    }

    function allCanBeSettled(Handler.Standing memory before) private {
        uint256 snapshot = vm.snapshotState();
        for (uint256 i = 0; i < before.purses.length; i++) {
            if (before.purses[i].state != ISeaPurse.PurseState.Open) continue;
            address key = handler.key(i % handler.KEYS());
            vm.prank(handler.payer(i / handler.KEYS()));
            try purse.requestUnlock(key) {} catch {} // it may be under way
        }
        vm.warp(block.timestamp + 365 days);
        for (uint256 i = 0; i < before.purses.length; i++) {
            if (before.purses[i].state != ISeaPurse.PurseState.Open) continue;
            address key = handler.key(i % handler.KEYS());
            vm.prank(handler.payer(i / handler.KEYS()));
            purse.withdraw(key);
        }
        for (uint256 i = 0; i < before.lanes.length; i++) {
            if (before.lanes[i].reserved == 0) continue;
            Handler.LaneId memory id = handler.laneIdAt(i);
            purse.release(handler.payer(id.payerNo), handler.key(id.keyNo), handler.payee(id.payeeNo), id.laneNo);
        }
        Handler.Standing memory after_ = handler.standing();
        assertEq(after_.free + after_.reserved, 0, "I8");
        assertEq(handler.balanceOf(address(purse)), after_.owed + handler.forced(), "I8 balance");
        vm.revertToStateAndDelete(snapshot);
    }

    function checkAll() internal {
        Handler.Standing memory now_ = wellSoFar();
        solvent(now_);
        paidOnlyWhatWasSigned(now_);
        paidAtMostDeposited(now_);
        reservedIsRedeemable(now_);
        valueGoesWhereItMay(now_);
        nothingComesBack(now_);
        allCanBeSettled(now_);
    }

    /// @notice The invariants are worth what the handler reaches: from five pasts, every kind of call succeeds
    /// within 120 steps. The seeds are fixed.
    function test_handlerReachesEverything() external {
        bytes4[12] memory kinds = [
            Handler.open.selector,
            Handler.topUp.selector,
            Handler.reserve.selector,
            Handler.redeem.selector,
            Handler.redeemTicks.selector,
            Handler.redeemBatch.selector,
            Handler.claimFor.selector,
            Handler.take.selector,
            Handler.release.selector,
            Handler.releaseSigned.selector,
            Handler.requestUnlock.selector,
            Handler.withdraw.selector
        ];
        uint256[12] memory succeeded;
        for (uint256 past = 0; past < 5; past++) {
            use(handler.asset(), string(abi.encode(past)));
            for (uint256 i = 0; i < 120; i++) {
                step(uint256(keccak256(abi.encode(past, i))));
            }
            for (uint256 i = 0; i < kinds.length; i++) {
                succeeded[i] += handler.succeeded(kinds[i]);
            }
            wellSoFar();
        }
        for (uint256 i = 0; i < kinds.length; i++) {
            assertTrue(succeeded[i] > 0, "every call succeeds");
        }
    }

    function step(uint256 seed) private {
        uint256 kind = seed % 16;
        (uint256 a, uint256 b, uint256 c, bool flag) = (seed >> 8, seed >> 64, seed >> 128, (seed >> 192) % 2 == 0);
        if (kind == 0) handler.open(a, b, c);
        if (kind == 1) handler.topUp(a, b);
        if (kind == 2) handler.reserve(a, b, c, flag);
        if (kind == 3) handler.redeem(a, b, flag);
        if (kind == 4) handler.redeemTicks(a, b, c, b);
        if (kind == 5) handler.redeemBatch(a, b, c);
        if (kind == 6) handler.claimFor(a, b, c, flag, c % 4 == 0);
        if (kind == 7) handler.replay(a, b);
        if (kind == 8) handler.take(a);
        if (kind == 9) handler.release(a);
        if (kind == 10) handler.releaseSigned(a, flag);
        if (kind == 11) handler.requestUnlock(a);
        if (kind == 12) handler.withdraw(a);
        if (kind == 13) handler.wait(a);
        if (kind == 14) handler.refuse(flag);
        if (kind == 15) handler.force(a);
    }

    // ------------------------------------------------------------------ helpers

    /// @dev Starts from a past of its own, since both contracts are given the same runs.
    function use(address asset, string memory past) internal {
        handler = new Handler(asset);
        purse = handler.purse();
        for (uint256 i = 0; i < 20; i++) {
            step(uint256(keccak256(abi.encode(past, i))));
        }
    }

    /// @dev Read once for all that is checked after a call: reading is what a check costs.
    function wellSoFar() private view returns (Handler.Standing memory now_) {
        now_ = handler.standing();
        assertTrue(bytes(now_.broken).length == 0, now_.broken);
    }

    function redeemGuaranteed(Handler.LaneId memory id, Handler.LaneBook memory book) private {
        uint256 snapshot = vm.snapshotState();
        address payee = handler.payee(id.payeeNo);
        ISeaPurse.Voucher memory v =
            ISeaPurse.Voucher(handler.payer(id.payerNo), payee, id.laneNo, uint96(book.guaranteed));
        uint256 before = handler.wealthOf(payee);
        purse.redeem(v, sign(0xA11CE0 + id.keyNo, address(purse), hashOf(v)));
        assertEq(handler.wealthOf(payee) - before, book.guaranteed - book.paid, "I4 redeemed");
        vm.revertToStateAndDelete(snapshot);
    }
}

/// @notice The native coin.
contract CoinInvariants is Invariants {
    function setUp() external {
        use(address(0), "coin");
    }

    /// forge-config: default.invariant.runs = 30
    /// forge-config: default.invariant.depth = 150
    /// forge-config: long.invariant.runs = 1200
    /// forge-config: long.invariant.depth = 400
    function invariant_I1_to_I8_together() external {
        checkAll();
    }
}

/// @notice A token that can refuse payments.
contract TokenInvariants is Invariants {
    function setUp() external {
        use(address(new BlocklistToken()), "token");
    }

    /// forge-config: default.invariant.runs = 30
    /// forge-config: default.invariant.depth = 150
    /// forge-config: long.invariant.runs = 1200
    /// forge-config: long.invariant.depth = 400
    function invariant_I1_to_I8_together() external {
        checkAll();
    }
}
