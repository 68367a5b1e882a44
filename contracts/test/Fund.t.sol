// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISeaPurse} from "../src/ISeaPurse.sol";
import {SeaPurse} from "../src/SeaPurse.sol";
import {PurseTest} from "./PurseTest.sol";

/// @notice Construction, open, topUp, reserve: each effect and each refusal.
contract FundTest is PurseTest {
    // ------------------------------------------------------------------ construction

    function test_construction() public view {
        assertEq(purse.asset(), address(0), "asset");
        assertEq(purse.unlockDelay(), DELAY, "delay");
        (, string memory name, string memory version, uint256 chainId, address verifyingContract,,) = purse.eip712Domain();
        assertEq(keccak256(bytes(name)), keccak256("SeaPurse"), "name");
        assertEq(keccak256(bytes(version)), keccak256("1"), "version");
        assertEq(chainId, block.chainid, "chain");
        assertEq(verifyingContract, address(purse), "contract");
    }

    function test_construction_delayBounds() public {
        assertEq(new SeaPurse(address(0), 1 minutes).unlockDelay(), 60, "shortest");
        assertEq(new SeaPurse(address(0), 30 days).unlockDelay(), 2_592_000, "longest");
    }

    function test_construction_refusesDelayTooShort() public {
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.DelayOutOfBounds.selector, 59));
        new SeaPurse(address(0), 59);
    }

    function test_construction_refusesDelayTooLong() public {
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.DelayOutOfBounds.selector, 30 days + 1));
        new SeaPurse(address(0), 30 days + 1);
    }

    function test_construction_refusesAssetWithoutCode() public {
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.AssetWithoutCode.selector, stranger));
        new SeaPurse(stranger, DELAY);
    }

    function test_coinSentWithoutACallIsRefused() public {
        vm.prank(payer);
        (bool ok,) = address(purse).call{value: 1}("");
        assertTrue(!ok, "refused");
    }

    // ------------------------------------------------------------------ open

    function test_open() public {
        vm.expectEmit(address(purse));
        emit ISeaPurse.Opened(payer, key, DEPOSIT, NEVER);
        open();
        ISeaPurse.Purse memory p = purse.purse(payer, key);
        assertEq(p.free, DEPOSIT, "free");
        assertEq(p.unlockAt, 0, "unlockAt");
        assertEq(p.expiry, NEVER, "expiry");
        assertTrue(p.state == ISeaPurse.PurseState.Open, "state");
        assertEq(address(purse).balance, DEPOSIT, "balance");
        assertEq(purse.unlockTime(payer, key), type(uint256).max, "unlockTime");
    }

    function test_open_withExpiry() public {
        openWith(key, NOW + 1);
        assertEq(purse.purse(payer, key).expiry, NOW + 1, "expiry");
        assertEq(purse.unlockTime(payer, key), NOW + 1 + DELAY, "unlockTime");
    }

    function test_open_sameKeyForTwoPayers() public {
        open();
        vm.deal(stranger, 1);
        vm.prank(stranger);
        purse.open{value: 1}(key, 0, 1);
        assertEq(purse.purse(stranger, key).free, 1, "the other's");
        assertEq(free(), DEPOSIT, "its own");
    }

    function test_open_refusesZeroKey() public {
        vm.expectRevert(ISeaPurse.ZeroKey.selector);
        openWith(address(0), 0);
    }

    function test_open_refusesExpiryNow() public {
        vm.expectRevert(ISeaPurse.ExpiryPassed.selector);
        openWith(key, NOW);
    }

    function test_open_refusesOpenPurse() public {
        open();
        vm.expectRevert(ISeaPurse.PurseExists.selector);
        openWith(key, 0);
    }

    function test_open_refusesClosedPurse() public {
        open();
        close();
        vm.expectRevert(ISeaPurse.PurseExists.selector);
        openWith(key, 0);
    }

    function test_open_refusesLessValueThanNamed() public {
        vm.prank(payer);
        vm.expectRevert(ISeaPurse.WrongValue.selector);
        purse.open{value: 1}(key, 0, 2);
    }

    function test_open_refusesNothing() public {
        vm.prank(payer);
        vm.expectRevert(ISeaPurse.NothingReceived.selector);
        purse.open(key, 0, 0);
    }

    // ------------------------------------------------------------------ topUp

    function test_topUp_byAnyone() public {
        open();
        vm.deal(stranger, 5);
        vm.expectEmit(address(purse));
        emit ISeaPurse.ToppedUp(payer, key, 5);
        vm.prank(stranger);
        purse.topUp{value: 5}(payer, key, 5);
        assertEq(free(), DEPOSIT + 5, "free");
    }

    function test_topUp_refusesNoPurse() public {
        vm.prank(payer);
        vm.expectRevert(ISeaPurse.PurseNotOpen.selector);
        purse.topUp{value: 1}(payer, key, 1);
    }

    function test_topUp_refusesClosedPurse() public {
        open();
        close();
        vm.prank(payer);
        vm.expectRevert(ISeaPurse.PurseNotOpen.selector);
        purse.topUp{value: 1}(payer, key, 1);
    }

    function test_topUp_refusesWhileUnlocking() public {
        open();
        requestUnlock();
        vm.prank(payer);
        vm.expectRevert(ISeaPurse.Unlocking.selector);
        purse.topUp{value: 1}(payer, key, 1);
    }

    function test_topUp_refusesFromExpiryOn() public {
        openWith(key, NOW + 10);
        vm.warp(NOW + 9);
        vm.prank(payer);
        purse.topUp{value: 1}(payer, key, 1);
        vm.warp(NOW + 10);
        vm.prank(payer);
        vm.expectRevert(ISeaPurse.Unlocking.selector);
        purse.topUp{value: 1}(payer, key, 1);
    }

    function test_topUp_refusesWrongValueAndNothing() public {
        open();
        vm.prank(payer);
        vm.expectRevert(ISeaPurse.WrongValue.selector);
        purse.topUp{value: 2}(payer, key, 1);
        vm.prank(payer);
        vm.expectRevert(ISeaPurse.NothingReceived.selector);
        purse.topUp(payer, key, 0);
    }

    // ------------------------------------------------------------------ reserve

    function test_reserve_movesFreeToTheLane() public {
        open();
        vm.expectEmit(address(purse));
        emit ISeaPurse.Reserved(payer, key, payee, LANE, 4 ether, NOW + 100);
        reserve(4 ether, NOW + 100);
        assertEq(free(), DEPOSIT - 4 ether, "free");
        assertEq(lane().reserved, 4 ether, "reserved");
        assertEq(lane().until, NOW + 100, "until");
        assertEq(lane().paid, 0, "paid");
    }

    function test_reserve_totalCountsWhatWasPaidAndReserved() public {
        open();
        redeem(1 ether); // from free
        reserve(4 ether, NOW + 100);
        assertEq(lane().reserved, 3 ether, "4 less the 1 that was paid");
        redeem(2 ether);
        reserve(5 ether, NOW + 101);
        assertEq(lane().reserved, 3 ether, "5 less the 2 that were paid");
        assertEq(free(), DEPOSIT - 5 ether, "free");
    }

    function test_reserve_neverLowers() public {
        open();
        reserve(4 ether, NOW + 100);
        reserve(1 ether, NOW + 200);
        assertEq(lane().reserved, 4 ether, "reserved");
        assertEq(lane().until, NOW + 200, "longer all the same");
        assertEq(free(), DEPOSIT - 4 ether, "free");
    }

    function test_reserve_allThatIsFree() public {
        open();
        reserve(DEPOSIT, NOW + 100);
        assertEq(free(), 0, "free");
    }

    function test_reserve_refusesTwice() public {
        open();
        reserve(1 ether, NOW + 100);
        redeem(1 ether);
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.StaleReserve.selector, NOW + 100));
        this.reserveFromOutside(1 ether, NOW + 100);
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.StaleReserve.selector, NOW + 100));
        this.reserveFromOutside(2 ether, NOW + 100);
    }

    function test_reserve_refusesUntilNow() public {
        open();
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.StaleReserve.selector, 0));
        this.reserveFromOutside(1 ether, NOW);
    }

    function test_reserve_refusesMoreThanFree() public {
        open();
        reserve(4 ether, NOW + 100);
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.InsufficientFree.selector, 6 ether, 6 ether + 1));
        this.reserveFromOutside(10 ether + 1, NOW + 101);
    }

    function test_reserve_refusesWhileUnlocking() public {
        open();
        requestUnlock();
        vm.expectRevert(ISeaPurse.Unlocking.selector);
        this.reserveFromOutside(1 ether, NOW + 100);
    }

    function test_reserve_refusesFromExpiryOn() public {
        openWith(key, NOW + 10);
        vm.warp(NOW + 10);
        vm.expectRevert(ISeaPurse.Unlocking.selector);
        this.reserveFromOutside(1 ether, NOW + 100);
    }

    function test_reserve_refusesClosedPurse() public {
        open();
        close();
        vm.expectRevert(ISeaPurse.PurseNotOpen.selector);
        this.reserveFromOutside(1 ether, NOW + 100 days);
    }

    function test_reserve_refusesOtherKey() public {
        open();
        ISeaPurse.Reserve memory r = reserveOf(1 ether, NOW + 100);
        ISeaPurse.Signature memory s = sign(OTHER_KEY, address(purse), hashOf(r));
        vm.expectRevert(ISeaPurse.PurseNotOpen.selector);
        purse.reserve(r, s);
    }

    /// @notice So that the refusal expected is that of the one call: the helper makes others first.
    function reserveFromOutside(uint96 total, uint48 until) external {
        reserve(total, until);
    }
}
