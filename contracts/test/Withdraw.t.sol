// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISeaPurse} from "../src/ISeaPurse.sol";
import {PurseTest} from "./PurseTest.sol";

/// @notice requestUnlock, withdraw, release, releaseSigned: each effect and each refusal.
contract WithdrawTest is PurseTest {
    // ------------------------------------------------------------------ requestUnlock

    function test_requestUnlock() public {
        open();
        vm.expectEmit(address(purse));
        emit ISeaPurse.UnlockRequested(payer, key, NOW + DELAY);
        requestUnlock();
        assertEq(purse.purse(payer, key).unlockAt, NOW + DELAY, "unlockAt");
        assertEq(purse.unlockTime(payer, key), NOW + DELAY, "unlockTime");
    }

    function test_requestUnlock_beforeExpiryIsEarlier() public {
        openWith(key, NOW + 10 days);
        requestUnlock();
        assertEq(purse.unlockTime(payer, key), NOW + DELAY, "unlockTime");
    }

    function test_requestUnlock_refusesTwice() public {
        open();
        requestUnlock();
        vm.expectRevert(ISeaPurse.Unlocking.selector);
        requestUnlock();
    }

    function test_requestUnlock_refusesFromExpiryOn() public {
        openWith(key, NOW + 10);
        vm.warp(NOW + 10);
        vm.expectRevert(ISeaPurse.Unlocking.selector);
        requestUnlock();
    }

    function test_requestUnlock_refusesAnotherPayer() public {
        open();
        vm.prank(stranger);
        vm.expectRevert(ISeaPurse.PurseNotOpen.selector);
        purse.requestUnlock(key);
    }

    function test_requestUnlock_refusesClosedPurse() public {
        open();
        close();
        vm.expectRevert(ISeaPurse.PurseNotOpen.selector);
        requestUnlock();
    }

    // ------------------------------------------------------------------ withdraw

    function test_withdraw_paysWhatIsFreeAndCloses() public {
        open();
        redeem(1 ether);
        reserve(3 ether, NOW + 100);
        requestUnlock();
        vm.warp(NOW + DELAY);
        uint256 before = payer.balance;
        vm.expectEmit(address(purse));
        emit ISeaPurse.Withdrawn(payer, key, 7 ether);
        withdraw();
        assertEq(payer.balance - before, 7 ether, "payer");
        ISeaPurse.Purse memory p = purse.purse(payer, key);
        assertEq(p.free, 0, "free");
        assertTrue(p.state == ISeaPurse.PurseState.Closed, "state");
        assertEq(lane().reserved, 2 ether, "the reserved lane stays");
    }

    function test_withdraw_ofNothing() public {
        open();
        redeem(DEPOSIT);
        close();
        assertEq(payer.balance, 90 ether, "payer");
    }

    function test_withdraw_afterExpiryAndDelay() public {
        openWith(key, NOW + 10);
        vm.warp(NOW + 10 + DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.StillLocked.selector, NOW + 10 + DELAY));
        withdraw();
        vm.warp(NOW + 10 + DELAY);
        withdraw();
        assertEq(payer.balance, 100 ether, "payer");
    }

    function test_withdraw_refusesTooEarly() public {
        open();
        requestUnlock();
        vm.warp(NOW + DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.StillLocked.selector, NOW + DELAY));
        withdraw();
    }

    function test_withdraw_refusesWithoutRequest() public {
        open();
        vm.warp(NOW + 1000 days);
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.StillLocked.selector, type(uint256).max));
        withdraw();
    }

    function test_withdraw_refusesNoPurse() public {
        assertEq(purse.unlockTime(payer, key), type(uint256).max, "unlockTime");
        vm.expectRevert(ISeaPurse.PurseNotOpen.selector);
        withdraw();
    }

    function test_withdraw_refusesTwice() public {
        open();
        close();
        vm.expectRevert(ISeaPurse.PurseNotOpen.selector);
        withdraw();
    }

    // ------------------------------------------------------------------ release

    function test_release_byAnyoneWhenItsTimeIsOver() public {
        open();
        reserve(3 ether, NOW + 100);
        redeem(1 ether);
        vm.warp(NOW + 100 + DELAY + 1);
        vm.expectEmit(address(purse));
        emit ISeaPurse.Released(payer, key, payee, LANE, 2 ether);
        release();
        assertEq(lane().reserved, 0, "reserved");
        assertEq(lane().paid, 1 ether, "paid stays");
        assertEq(lane().until, NOW + 100, "until stays");
        assertEq(free(), 9 ether, "free");
    }

    function test_release_toThePayerOnceClosed() public {
        open();
        reserve(3 ether, NOW + 100);
        close();
        uint256 before = payer.balance;
        vm.warp(NOW + 101 + DELAY);
        release();
        assertEq(payer.balance - before, 3 ether, "payer");
        assertEq(free(), 0, "free");
        assertEq(address(purse).balance, 0, "nothing left");
    }

    function test_release_toFreeWhileUnlocking() public {
        open();
        reserve(3 ether, NOW + 100);
        requestUnlock();
        vm.warp(NOW + 101 + DELAY);
        release();
        assertEq(free(), DEPOSIT, "free");
    }

    function test_release_laneCanBeReservedAgain() public {
        open();
        reserve(3 ether, NOW + 100);
        vm.warp(NOW + 101 + DELAY);
        release();
        reserve(1 ether, uint48(block.timestamp) + 1);
        assertEq(lane().reserved, 1 ether, "reserved");
    }

    function test_release_refusesThroughUntilAndDelay() public {
        open();
        reserve(3 ether, NOW + 100);
        vm.warp(NOW + 100 + DELAY);
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.StillReserved.selector, NOW + 100 + DELAY));
        release();
    }

    function test_release_refusesLaneWithoutReservation() public {
        open();
        redeem(1 ether);
        vm.expectRevert(ISeaPurse.NothingReserved.selector);
        release();
    }

    // ------------------------------------------------------------------ releaseSigned

    function test_releaseSigned_atOnce() public {
        open();
        reserve(3 ether, NOW + 100);
        redeem(1 ether);
        vm.expectEmit(address(purse));
        emit ISeaPurse.Released(payer, key, payee, LANE, 2 ether);
        releaseSigned(PAYEE, 1 ether);
        assertEq(free(), 9 ether, "free");
        assertEq(lane().until, NEVER, "nothing can be reserved here again");
        redeem(2 ether);
        assertEq(payee.balance, 2 ether, "but it goes on as an open lane");
    }

    function test_releaseSigned_toThePayerOnceClosed() public {
        open();
        reserve(3 ether, NOW + 100);
        close();
        uint256 before = payer.balance;
        releaseSigned(PAYEE, 0);
        assertEq(payer.balance - before, 3 ether, "payer");
    }

    function test_releaseSigned_refusesBeforeTheLastVoucher() public {
        open();
        reserve(3 ether, NOW + 100);
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.ReleaseMismatch.selector, 0));
        this.releaseSigned(PAYEE, 1 ether);
    }

    function test_releaseSigned_refusesSignatureOfAnother() public {
        open();
        reserve(3 ether, NOW + 100);
        vm.expectRevert(ISeaPurse.NothingReserved.selector);
        this.releaseSigned(OTHER_KEY, 0);
        assertEq(lane().reserved, 3 ether, "reserved");
    }

    function test_releaseSigned_refusesTwice() public {
        open();
        reserve(3 ether, NOW + 100);
        releaseSigned(PAYEE, 0);
        vm.expectRevert(ISeaPurse.NothingReserved.selector);
        this.releaseSigned(PAYEE, 0);
    }

    function release() private {
        vm.prank(stranger);
        purse.release(payer, key, payee, LANE);
    }

    function releaseSigned(uint256 signer, uint96 cumulativePaid) public {
        ISeaPurse.Release memory r = ISeaPurse.Release(payer, key, LANE, cumulativePaid);
        ISeaPurse.Signature memory s = sign(signer, address(purse), hashOf(r));
        vm.prank(stranger);
        purse.releaseSigned(r, s);
    }
}
